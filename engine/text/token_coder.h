#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/artifacts/safetensors.h"
#include "engine/text/subwords.h"
#include "engine/text/vocabulary.h"

namespace matinee::engine {

// Words of a text as tokens of a network and back. Ids 0 … Vocabulary::kSpecials-1 are the special tokens; then come
// either the words of a vocabulary or pieces of words, which begin with the space before the word.
class TokenCoder {
 public:
  TokenCoder() = default;
  explicit TokenCoder(Vocabulary words) : words_(std::move(words)) {}
  explicit TokenCoder(Subwords subwords) : subwords_(std::move(subwords)), splits_words_(true) {}

  bool splits_words() const { return splits_words_; }
  int32_t size() const { return splits_words_ ? Vocabulary::kSpecials + subwords_.size() : words_.size(); }
  const Vocabulary& words() const { return words_; }  // the special tokens alone where words are split

  // A token as text (any bytes where words are split), and back.
  const std::string& token(int32_t id) const;
  std::optional<int32_t> find(std::string_view token) const;

  // Appends the tokens of a word; Vocabulary::kUnknown for a word that is not in the vocabulary.
  void encode(std::string_view word, std::vector<int32_t>& tokens) const;
  // The words, one space between two; special tokens by their names, but nothing for the end of a text. Ids in
  // 0 … size()-1.
  std::string decode(std::span<const int32_t> tokens) const;

  void save(TensorWriter& file) const;
  static TokenCoder load(const TensorFile& file, bool splits_words);

 private:
  Vocabulary words_;
  Subwords subwords_;
  bool splits_words_ = false;
};

}  // namespace matinee::engine
