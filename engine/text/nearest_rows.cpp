#include "engine/text/nearest_rows.h"

#include <algorithm>
#include <cmath>

namespace matinee::engine {
namespace {

double dot(const float* a, const float* b, int64_t columns) {
  double sum = 0;
  for (int64_t column = 0; column < columns; ++column) {
    sum += static_cast<double>(a[column]) * static_cast<double>(b[column]);
  }
  return sum;
}

}  // namespace

std::vector<ScoredRow> nearest_rows(const MatrixView<const float>& rows, int64_t row, int64_t count, int64_t first) {
  const float* vector = rows.row(row);
  const double norm = std::sqrt(dot(vector, vector, rows.columns));
  std::vector<ScoredRow> nearest;
  for (int64_t other = first; other < rows.rows; ++other) {
    if (other == row) continue;
    const float* candidate = rows.row(other);
    const double norms = norm * std::sqrt(dot(candidate, candidate, rows.columns));
    const double cosine = norms > 0 ? std::clamp(dot(vector, candidate, rows.columns) / norms, -1.0, 1.0) : 0;
    nearest.push_back({other, static_cast<float>(cosine)});
  }
  const auto wanted = static_cast<std::ptrdiff_t>(std::min(count, static_cast<int64_t>(nearest.size())));
  std::partial_sort(
      nearest.begin(), nearest.begin() + wanted, nearest.end(), [](const ScoredRow& left, const ScoredRow& right) {
        return left.similarity != right.similarity ? left.similarity > right.similarity : left.row < right.row;
      });
  nearest.resize(static_cast<std::size_t>(wanted));
  return nearest;
}

}  // namespace matinee::engine
