#include "kernels/similarity/top_neighbours.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/similarity/top_neighbours_cpu.h"
#include "kernels/similarity/top_neighbours_cuda.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"
#include "kernels/support/grid.h"
#include "kernels/support/most_selected.h"

namespace matinee::similarity {
namespace {

constexpr int64_t kGrain = 256;  // rows per task

void check(const Options& options) {
  if (options.neighbours < 1 || options.neighbours > INT32_MAX) {
    fail(ErrorKind::kConfig, "item similarity: neighbours is {}: give 1 or more", options.neighbours);
  }
  if (!(options.shrink >= 0) || !std::isfinite(options.shrink)) {
    fail(ErrorKind::kConfig, "item similarity: shrink is {}: give a finite number, 0 or more", options.shrink);
  }
  if (options.min_common < 1) {
    fail(ErrorKind::kConfig, "item similarity: min_common is {}: give 1 or more", options.min_common);
  }
}

// Σ levels and number of ratings of each row.
struct RowSums {
  Buffer<int64_t> levels, counts;
};

RowSums row_sums(Context& context, SparseView ratings) {
  RowSums sums{Buffer<int64_t>(ratings.rows), Buffer<int64_t>(ratings.rows)};
  parallel_blocks(context, ratings.rows, kGrain, [&](int64_t begin, int64_t end, int) {
    for (auto row = static_cast<int32_t>(begin); row < end; ++row) {
      for (const uint8_t level : ratings.row_levels(row)) sums.levels[row] += level;
      sums.counts[row] = ratings.row_size(row);
    }
  });
  return sums;
}

// (level - sum / count) × scale, rounded half away from zero.
int16_t residual(int64_t level, int64_t sum, int64_t count, int64_t scale) {
  const int64_t numerator = (level * count - sum) * scale;
  const int64_t half = numerator < 0 ? -count : count;
  return static_cast<int16_t>((2 * numerator + half) / (2 * count));
}

// Per entry; the sums are of its row or of its column.
template <bool kOfRow>
Buffer<int16_t> residuals(Context& context, SparseView ratings, const RowSums& sums, int64_t scale) {
  Buffer<int16_t> result(ratings.size());
  parallel_blocks(context, ratings.rows, kGrain, [&](int64_t begin, int64_t end, int) {
    for (auto row = static_cast<int32_t>(begin); row < end; ++row) {
      for (int64_t entry = ratings.offsets[row]; entry < ratings.offsets[row + 1]; ++entry) {
        const int32_t of = kOfRow ? row : ratings.indices[entry];
        result[entry] = residual(ratings.levels[entry], sums.levels[of], sums.counts[of], scale);
      }
    }
  });
  return result;
}

int maximum_level(SparseView ratings) {
  int maximum = 1;
  for (int64_t entry = 0; entry < ratings.size(); ++entry) maximum = std::max<int>(maximum, ratings.levels[entry]);
  return maximum;
}

void set_norms(Context& context, Comparison& comparison) {
  const SparseView rows = comparison.rows;
  const Kind kind = comparison.options.kind;
  comparison.norms = Buffer<double>(rows.rows);
  comparison.counts = Buffer<double>(rows.rows);
  parallel_blocks(context, rows.rows, kGrain, [&](int64_t begin, int64_t end, int) {
    for (auto row = static_cast<int32_t>(begin); row < end; ++row) {
      int64_t squares = 0;
      for (int64_t entry = rows.offsets[row]; entry < rows.offsets[row + 1]; ++entry) {
        const int64_t value = kind == Kind::kBinaryCosine     ? 1
                              : kind == Kind::kAdjustedCosine ? comparison.row_residuals[entry]
                                                              : rows.levels[entry];
        squares += value * value;
      }
      comparison.norms[row] = std::sqrt(static_cast<double>(squares));
      comparison.counts[row] = static_cast<double>(rows.row_size(row));
    }
  });
}

void check_weights(const Options& options, std::span<const double> weights, int32_t columns) {
  if (static_cast<int64_t>(weights.size()) != (options.own_weights ? columns : 0)) {
    fail(ErrorKind::kConfig, "item similarity: {} weights for {} columns", weights.size(), columns);
  }
  for (const double weight : weights) {
    if (!(weight > 0 && weight <= 1)) {
      fail(ErrorKind::kConfig, "item similarity: a weight is {}, not above 0 and at most 1", weight);
    }
  }
}

}  // namespace

int residual_scale(int maximum_level) {
  return static_cast<int>(std::bit_floor(static_cast<unsigned>(INT16_MAX / std::max(maximum_level, 1))));
}

Comparison prepare_comparison(Context& context, SparseView rows, SparseView columns, const Options& options,
                              SearchWay way, std::span<const double> own_weights) {
  check(options);
  check_weights(options, own_weights, columns.rows);
  if (rows.rows != columns.columns || rows.columns != columns.rows || rows.size() != columns.size()) {
    fail(ErrorKind::kInput, "item similarity: {} × {} with {} ratings is not the transpose of {} × {} with {}",
         columns.rows, columns.columns, columns.size(), rows.rows, rows.columns, rows.size());
  }
  Comparison comparison;
  comparison.rows = rows;
  comparison.columns = columns;
  comparison.options = options;
  comparison.way = way;
  comparison.maximum_level = maximum_level(rows);
  Buffer<int16_t> column_residuals;
  if (options.kind == Kind::kAdjustedCosine) {
    const RowSums sums = row_sums(context, columns);
    const int scale = residual_scale(comparison.maximum_level);
    comparison.row_residuals = residuals<false>(context, rows, sums, scale);
    column_residuals = residuals<true>(context, columns, sums, scale);
  }
  set_norms(context, comparison);
  if (options.weighted()) {
    comparison.column_weights = Buffer<double>(columns.rows);
    for (int32_t column = 0; column < columns.rows; ++column) {
      const auto count = static_cast<double>(columns.row_size(column));
      const double own = options.own_weights ? own_weights[static_cast<std::size_t>(column)] : 1;
      if (count > 0) comparison.column_weights[column] = options.iuf ? own / std::log(1 + count) : own;
    }
  }
  MATINEE_DISPATCH(context, finish_comparison, comparison, column_residuals.span());
  return comparison;
}

namespace {

int64_t cell_bytes(const Options& options) {
  return options.kind == Kind::kAdjustedCosine ? 2 : 1;
}

// What a comparison keeps on the device: ratings in both orders, weights.
int64_t comparison_device_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options) {
  const int64_t both_orders = 2 * ratings * (4 + cell_bytes(options)) + 8 * (rows + columns + 2);
  return both_orders + 16 * rows + (options.weighted() ? 8 * columns : 0);
}

}  // namespace

int64_t predicted_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options) {
  const int64_t residuals = options.kind == Kind::kAdjustedCosine ? 2 * sizeof(int16_t) * ratings : 0;
  return 2 * sizeof(double) * rows + sizeof(double) * columns + residuals +
         ColumnTiles::predicted_bytes(columns, ratings) + scratch_bytes_cpu(rows, options);
}

void top_neighbours(Context& context, const Comparison& comparison, int32_t first_row, const NeighbourRows& result) {
  const int64_t rows = result.indices.rows, neighbours = comparison.options.neighbours;
  if (first_row < 0 || first_row + rows > comparison.rows.rows || result.similarities.rows != rows ||
      static_cast<int64_t>(result.counts.size()) != rows || result.indices.columns != neighbours ||
      result.similarities.columns != neighbours) {
    fail(ErrorKind::kConfig, "item similarity: no room for {} neighbours of rows {} to {} of {}", neighbours, first_row,
         first_row + rows - 1, comparison.rows.rows);
  }
  MATINEE_DISPATCH(context, top_neighbours, comparison, first_row, result);
}

void similarity_rows(Context& context, const Comparison& comparison, int32_t first_row,
                     MatrixView<float> similarities) {
  const int64_t rows = similarities.rows, all = comparison.rows.rows;
  if (context.on_cuda()) fail(ErrorKind::kDevice, "rows of similarities are computed on the CPU only");
  if (first_row < 0 || first_row + rows > all || similarities.columns != all || similarities.stride < all) {
    fail(ErrorKind::kConfig, "item similarity: no room for {} similarities of rows {} to {} of {}",
         similarities.columns, first_row, first_row + rows - 1, all);
  }
  similarity_rows_cpu(context, comparison, first_row, similarities);
}

int64_t predicted_device_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options) {
  const int64_t kept = std::min(options.neighbours, rows), block = rows_per_call(true, rows, options);
  const int64_t panels = rounded_up(rows, kTileRows) * columns * cell_bytes(options);
  const int64_t lists = 3 + pieces(rows, kTileRows * kTilesPerSplit);  // of splits, what was kept, and the result
  return comparison_device_bytes(rows, columns, ratings, options) + panels + std::min(block, rows) * kept * 8 * lists;
}

int64_t least_device_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options) {
  const int64_t kept = std::min(options.neighbours, rows), stride = rounded_up(rows, kTileRows);
  const int64_t tile = int64_t{kTileRows} * columns * cell_bytes(options);
  const int64_t lists = std::max(3 * kept, kept > kMostSelected ? 2 * stride : int64_t{0}) * 8;  // of one row
  return comparison_device_bytes(rows, columns, ratings, options) + tile + lists + kept * 8 + 4;
}

int32_t rows_per_call(bool on_cuda, int64_t rows, const Options& options) {
  constexpr int64_t kOnCpu = 256, kOnCuda = 8192, kEntries = 1 << 23;
  const int64_t kept = std::clamp<int64_t>(rows, 1, options.neighbours);
  return static_cast<int32_t>(on_cuda ? std::clamp(kEntries / kept, kOnCpu, kOnCuda) : kOnCpu);
}

}  // namespace matinee::similarity
