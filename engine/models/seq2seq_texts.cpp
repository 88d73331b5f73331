#include "engine/models/seq2seq_texts.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

std::span<const int32_t> words_of(const Corpus& corpus, int64_t document) {
  const int64_t begin = corpus.offsets[static_cast<std::size_t>(document)];
  const int64_t end = corpus.offsets[static_cast<std::size_t>(document) + 1];
  return std::span(corpus.ids).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

}  // namespace

int64_t TokenTexts::add(std::span<const int32_t> text, int64_t most_tokens) {
  const auto length = static_cast<int64_t>(text.size());
  const int64_t pieces = (length + most_tokens - 1) / most_tokens, begin = offsets.back();
  tokens.insert(tokens.end(), text.begin(), text.end());
  for (int64_t piece = 1; piece <= pieces; ++piece) offsets.push_back(begin + length * piece / pieces);
  return pieces;
}

std::vector<int64_t> first_alike(const Corpus& corpus) {
  std::vector<int64_t> first;
  std::unordered_map<std::string_view, int64_t> known;
  for (int64_t document = 0; document < corpus.documents(); ++document) {
    const auto words = words_of(corpus, document);
    const std::string_view bytes(reinterpret_cast<const char*>(words.data()), words.size_bytes());
    first.push_back(known.try_emplace(bytes, document).first->second);
  }
  return first;
}

std::vector<uint8_t> held_out_documents(const Corpus& corpus, double share, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kValidation));
  const std::vector<int64_t> first = first_alike(corpus);
  std::vector<uint8_t> held_out;
  for (const int64_t document : first) held_out.push_back(draws.uniform(static_cast<uint64_t>(document)) < share);
  if (share == 0 || corpus.documents() == 0) return held_out;
  const int64_t other = *std::ranges::max_element(first);
  if (other == 0) return std::vector<uint8_t>(first.size(), 0);
  const bool all_alike = std::ranges::adjacent_find(held_out, std::ranges::not_equal_to{}) == held_out.end();
  for (std::size_t document = 0; all_alike && document < first.size(); ++document) {
    held_out[document] = first[document] == other ? 1 : 0;
  }
  return held_out;
}

Subwords subwords_of(const Corpus& corpus, const std::vector<uint8_t>& held_out, int64_t size) {
  std::map<int32_t, int64_t> counts_by_id;
  for (int64_t document = 0; document < corpus.documents(); ++document) {
    if (held_out[static_cast<std::size_t>(document)] != 0) continue;
    for (const int32_t id : words_of(corpus, document)) ++counts_by_id[id];
  }
  std::vector<std::string> words;
  std::vector<int64_t> counts;
  for (const auto& [id, count] : counts_by_id) {
    if (id < Vocabulary::kSpecials) continue;
    words.emplace_back(1, ' ').append(corpus.vocabulary.word(id));
    counts.push_back(count);
  }
  return Subwords::learn(words, counts, size);
}

TokenTexts coded_documents(const Corpus& corpus, const TokenCoder& coder, const std::vector<uint8_t>& held_out,
                           bool wanted, int64_t most_tokens) {
  TokenTexts texts;
  std::vector<int32_t> tokens;
  for (int64_t document = 0; document < corpus.documents(); ++document) {
    if ((held_out[static_cast<std::size_t>(document)] != 0) != wanted) continue;
    tokens.clear();
    for (const int32_t id : words_of(corpus, document)) {
      if (id == Vocabulary::kUnknown) {
        tokens.push_back(id);
      } else {
        coder.encode(corpus.vocabulary.word(id), tokens);
      }
    }
    texts.add(tokens, most_tokens);
  }
  return texts;
}

}  // namespace matinee::engine
