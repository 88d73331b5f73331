#include "engine/text/word_vectors.h"

#include "engine/text/nearest_rows.h"

namespace matinee::engine {

std::vector<ScoredWord> nearest_words(const WordVectors& words, int32_t id, int64_t count) {
  std::vector<ScoredWord> nearest;
  for (const ScoredRow& row : nearest_rows(words.vectors, id, count, Vocabulary::kSpecials)) {
    nearest.push_back({static_cast<int32_t>(row.row), row.similarity});
  }
  return nearest;
}

}  // namespace matinee::engine
