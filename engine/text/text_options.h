#pragma once

#include <cstdint>
#include <string>

#include "engine/parameters.h"

namespace matinee::engine {

enum class TextSource {
  kTitles,  // the titles of the dataset: all titles of a director are one document, a title without one stands alone
  kFile,    // a text file, one document a line
};

// The `text` group of a model: what it reads, and which words it knows. Models with equal options share one corpus.
struct TextOptions {
  TextSource source = TextSource::kTitles;
  std::string path;                // of the file, absolute
  bool drop_stop_words = true;     // the English ones
  int64_t min_count = 1;           // words that stand less often are unknown
  int64_t largest_vocabulary = 0;  // words beyond the most frequent ones are unknown; 0: no bound

  void describe(Parameters& parameters);
  bool operator==(const TextOptions&) const = default;
};

}  // namespace matinee::engine
