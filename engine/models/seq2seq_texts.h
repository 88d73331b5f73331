#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/text/token_coder.h"

namespace matinee::engine {

// Texts as tokens, each cut in pieces that a network reads at once.
struct TokenTexts {
  std::vector<int64_t> offsets = {0};  // (pieces + 1)
  std::vector<int32_t> tokens;

  int64_t size() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t target_tokens() const { return static_cast<int64_t>(tokens.size()) + size(); }  // with the ends
  int64_t length(int64_t piece) const {
    return offsets[static_cast<std::size_t>(piece) + 1] - offsets[static_cast<std::size_t>(piece)];
  }
  std::span<const int32_t> piece(int64_t number) const {
    return std::span(tokens).subspan(static_cast<std::size_t>(offsets[static_cast<std::size_t>(number)]),
                                     static_cast<std::size_t>(length(number)));
  }
  // Appends the pieces of a text: as few as can be, of lengths that differ by 1 at most; none of an empty text.
  // Returns how many.
  int64_t add(std::span<const int32_t> text, int64_t most_tokens);
};

// The number of a document where the same words stand for the first time, for each document: co-directors have the same
// titles.
std::vector<int64_t> first_alike(const Corpus& corpus);

// Whether each document is held out, each with probability `share`; documents of the same words are so together. At
// least one is not, and with a share above 0 at least one is, unless all are alike.
std::vector<uint8_t> held_out_documents(const Corpus& corpus, double share, uint64_t seed);

// Pieces of words, learnt from the documents that are not held out.
Subwords subwords_of(const Corpus& corpus, const std::vector<uint8_t>& held_out, int64_t size);

// The documents that are held out, or the others, as tokens. Words that the corpus does not know are
// Vocabulary::kUnknown.
TokenTexts coded_documents(const Corpus& corpus, const TokenCoder& coder, const std::vector<uint8_t>& held_out,
                           bool wanted, int64_t most_tokens);

}  // namespace matinee::engine
