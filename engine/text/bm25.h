#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/text/inverted_index.h"

namespace matinee::engine {

struct MatchedDocument {
  int32_t document;
  double score;
};

// The documents that hold any of `words`, rising, with Lucene's BM25 (its similarity since version 8): the sum over the
// words, one that stands twice counting twice, of
//   ln(1 + (N - df + 0.5) / (df + 0.5)) · tf / (tf + k1 · (1 - b + b · length / mean length)),  k1 = 1.2, b = 0.75
// df: documents with the word; tf: how often this one has it; N and mean length: of documents with words. Lucene rounds
// lengths above 40 words to a byte; here they are exact. Time O(postings of the words).
std::vector<MatchedDocument> bm25(const InvertedIndex& index, std::span<const std::string> words);

}  // namespace matinee::engine
