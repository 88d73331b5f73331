#include "engine/text/word_map.h"

#include <algorithm>
#include <cmath>

#include "kernels/dense/principal_components.h"

namespace matinee::engine {
namespace {

// Rows kSpecials … of the vectors, each scaled to length 1; zero rows stay zero.
std::vector<float> unit_rows(const WordVectors& words, int64_t count) {
  const int64_t dimensions = words.vectors.columns;
  std::vector<float> rows(static_cast<std::size_t>(count * dimensions));
  for (int64_t n = 0; n < count; ++n) {
    const float* row = words.vectors.row(Vocabulary::kSpecials + n);
    double square = 0;
    for (int64_t column = 0; column < dimensions; ++column) square += static_cast<double>(row[column]) * row[column];
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    for (int64_t column = 0; column < dimensions; ++column) {
      rows[static_cast<std::size_t>(n * dimensions + column)] = static_cast<float>(scale * row[column]);
    }
  }
  return rows;
}

}  // namespace

WordMap map_of_words(Context& context, const WordVectors& words, int64_t most) {
  const int64_t count = std::min<int64_t>(most, words.vocabulary->word_count()), dimensions = words.vectors.columns;
  const std::vector<float> rows = unit_rows(words, count);
  const auto components = dense::principal_components(context, {rows.data(), count, dimensions, dimensions}, 2);
  WordMap map;
  for (int64_t n = 0; n < count; ++n) {
    const double* at = components.coordinates.data() + 2 * n;
    map.points.push_back({static_cast<int32_t>(Vocabulary::kSpecials + n), at[0], at[1]});
  }
  map.x_share = components.shares[0];
  map.y_share = components.shares[1];
  return map;
}

}  // namespace matinee::engine
