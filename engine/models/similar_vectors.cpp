#include "engine/models/similar_vectors.h"

#include <algorithm>

#include "engine/cosine.h"

namespace matinee::engine {

std::vector<ScoredItem> similar_vectors(const MatrixView<const float>& vectors, int32_t item, int64_t count) {
  const auto learnt = [&](int64_t row) {
    return std::any_of(vectors.row(row), vectors.row(row) + vectors.columns, [](float value) { return value != 0; });
  };
  std::vector<ScoredItem> others;
  if (!learnt(item)) return others;
  for (int32_t other = 0; other < vectors.rows; ++other) {
    if (other == item || !learnt(other)) continue;
    others.push_back({other, static_cast<float>(cosine(vectors.row(item), vectors.row(other), vectors.columns))});
  }
  keep_best(others, count);
  return others;
}

void keep_best(std::vector<ScoredItem>& items, int64_t count) {
  const auto kept = items.begin() + std::min(count, static_cast<int64_t>(items.size()));
  std::partial_sort(items.begin(), kept, items.end(), [](const ScoredItem& a, const ScoredItem& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  });
  items.erase(kept, items.end());
}

}  // namespace matinee::engine
