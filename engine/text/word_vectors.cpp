#include "engine/text/word_vectors.h"

#include <algorithm>
#include <cmath>

namespace matinee::engine {
namespace {

double dot(const float* a, const float* b, int64_t dimensions) {
  double sum = 0;
  for (int64_t column = 0; column < dimensions; ++column) {
    sum += static_cast<double>(a[column]) * static_cast<double>(b[column]);
  }
  return sum;
}

}  // namespace

std::vector<ScoredWord> nearest_words(const WordVectors& words, int32_t id, int64_t count) {
  const int64_t dimensions = words.vectors.columns;
  const float* vector = words.vectors.row(id);
  const double norm = std::sqrt(dot(vector, vector, dimensions));
  std::vector<ScoredWord> nearest;
  for (int32_t other = Vocabulary::kSpecials; other < words.vocabulary->size(); ++other) {
    if (other == id) continue;
    const float* row = words.vectors.row(other);
    const double norms = norm * std::sqrt(dot(row, row, dimensions));
    const double cosine = norms > 0 ? std::clamp(dot(vector, row, dimensions) / norms, -1.0, 1.0) : 0;
    nearest.push_back({other, static_cast<float>(cosine)});
  }
  const auto wanted = static_cast<std::ptrdiff_t>(std::min(count, static_cast<int64_t>(nearest.size())));
  std::partial_sort(
      nearest.begin(), nearest.begin() + wanted, nearest.end(), [](const ScoredWord& left, const ScoredWord& right) {
        return left.similarity != right.similarity ? left.similarity > right.similarity : left.id < right.id;
      });
  nearest.resize(static_cast<std::size_t>(wanted));
  return nearest;
}

}  // namespace matinee::engine
