#pragma once

#include <cstdint>
#include <span>

namespace matinee::skip_gram {

// Documents of words that somebody else owns: document d is words[offsets[d]] .. words[offsets[d + 1] - 1]. No window
// reaches beyond a document.
struct CorpusView {
  int64_t documents = 0;
  const int64_t* offsets = nullptr;  // (documents + 1), the first 0, never falling
  const int32_t* words = nullptr;    // (offsets[documents]), each in 0 .. vocabulary-1
  int32_t vocabulary = 0;
  const int64_t* counts = nullptr;  // (vocabulary): how often each word stands in `words`

  int64_t size() const { return documents == 0 ? 0 : offsets[documents]; }  // words
  std::span<const int32_t> all_words() const { return {words, static_cast<std::size_t>(size())}; }
  std::span<const int64_t> all_offsets() const { return {offsets, static_cast<std::size_t>(documents + 1)}; }
  std::span<const int64_t> all_counts() const { return {counts, static_cast<std::size_t>(vocabulary)}; }
};

}  // namespace matinee::skip_gram
