#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/data/ratings.h"
#include "kernels/similarity/top_neighbours.h"
#include "tests/support/naive_similarity.h"

namespace matinee::test {

// What top_neighbours() finds for the first rows, as plain lists.
struct Found {
  std::vector<int32_t> counts;
  std::vector<int32_t> indices;     // (rows × neighbours); -1 where not filled
  std::vector<float> similarities;  // likewise, 0

  bool operator==(const Found&) const = default;
};

inline Found find_neighbours(Context& context, const engine::SparseRatings& rows, const similarity::Options& options,
                             int32_t rows_per_call = INT32_MAX,
                             similarity::SearchWay way = similarity::SearchWay::kCheapest,
                             int32_t rows_wanted = INT32_MAX) {
  const engine::SparseRatings columns = engine::transposed(rows);
  std::vector<double> weights;
  for (std::size_t column = 0; options.own_weights && column < static_cast<std::size_t>(rows.columns); ++column) {
    weights.push_back(own_weight(column));
  }
  const auto comparison = similarity::prepare_comparison(context, rows.view(), columns.view(), options, way, weights);
  const auto width = options.neighbours;
  const int32_t wanted = std::min(rows.rows, rows_wanted);
  const auto size = static_cast<std::size_t>(wanted * width);
  Found found{std::vector<int32_t>(static_cast<std::size_t>(wanted)), std::vector<int32_t>(size, -1),
              std::vector<float>(size)};
  for (int32_t first = 0; first < wanted; first += std::min(rows_per_call, wanted - first)) {
    const int64_t count = std::min(rows_per_call, wanted - first);
    similarity::top_neighbours(
        context, comparison, first,
        {{found.indices.data() + first * width, count, width, width},
         {found.similarities.data() + first * width, count, width, width},
         std::span(found.counts).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count))});
  }
  return found;
}

inline Found find_neighbours(const engine::SparseRatings& rows, const similarity::Options& options, int threads = 2,
                             int32_t rows_per_call = INT32_MAX) {
  Context context(Device{}, threads);
  return find_neighbours(context, rows, options, rows_per_call);
}

}  // namespace matinee::test
