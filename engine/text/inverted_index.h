#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/artifacts/safetensors.h"

namespace matinee::engine {

// Which documents hold a word, and how often. Words stand in order of their bytes; the documents of a word rise.
class InvertedIndex {
 public:
  // documents[n]: the words of document n, in any order.
  static InvertedIndex of(std::span<const std::vector<std::string>> documents);

  // Tensors `text` (all words, one after the other), `word_offsets` (words + 1), `posting_offsets` (words + 1),
  // `documents` and `counts` (postings), `lengths` (documents): same documents, same bytes.
  void save(TensorWriter& file) const;
  // Reads nothing into memory that `file` does not hold already. Throws Error(kArtifact) where what it holds is no
  // index.
  static InvertedIndex load(TensorFile file);

  int64_t words() const { return static_cast<int64_t>(posting_offsets_.size()) - 1; }
  std::string_view word(int64_t number) const;
  std::optional<int64_t> find(std::string_view word) const;
  std::span<const int32_t> documents_of(int64_t word) const;  // that hold it
  std::span<const int32_t> counts_of(int64_t word) const;     // how often each of these does

  int32_t documents() const { return static_cast<int32_t>(lengths_.size()); }
  int32_t length(int32_t document) const { return lengths_[static_cast<std::size_t>(document)]; }  // in words
  int64_t documents_with_words() const { return documents_with_words_; }
  double mean_length() const { return mean_length_; }  // of documents with words; 0: there are none

 private:
  void measure();
  bool sound() const;

  std::shared_ptr<const void> storage_;  // what the views point into
  std::span<const uint8_t> text_;
  std::span<const int64_t> word_offsets_, posting_offsets_;
  std::span<const int32_t> documents_, counts_, lengths_;
  int64_t documents_with_words_ = 0;
  double mean_length_ = 0;
};

}  // namespace matinee::engine
