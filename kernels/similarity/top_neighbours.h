#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "kernels/similarity/column_tiles.h"
#include "kernels/similarity/search_way.h"
#include "kernels/similarity/similarity_options.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::similarity {

struct DeviceComparison;  // comparison_cuda.cuh: what the search on CUDA keeps there

// The ratings that rows are compared by, in both directions: columns(c, r) = rows(r, c). Similarities of items: rows
// are items; of users: rows are users. What follows from the options and is used for every row stands beside them.
struct Comparison {
  SparseView rows, columns;
  Options options;
  int maximum_level = 1;                        // of the ratings
  Buffer<double> norms;                         // (rows), sqrt of the sum of squares over all ratings of the row
  Buffer<double> counts;                        // (rows), number of ratings
  Buffer<int16_t> row_residuals;                // adjusted cosine: per entry of `rows`
  ColumnTiles column_tiles;                     // on the CPU: of the levels of `columns`, or of their residuals
  Buffer<double> column_weights;                // iuf, own: (columns); empty: all weigh 1
  SearchWay way = SearchWay::kCheapest;         // on CUDA: what was asked for
  std::string way_reason;                       // on CUDA: which way was chosen, and why, for the log
  std::shared_ptr<DeviceComparison> on_device;  // on CUDA
};

// Adjusted cosine compares r - mean of the column's ratings (of the user, where rows are items), rounded once to a
// multiple of 1 / residual_scale(maximum_level) of a level: half away from zero, by integer division.
// The scale is the greatest power of two that keeps residuals within 16 bits: 2^11 for levels up to 10.
int residual_scale(int maximum_level);

// Throws Error(kConfig) for options out of range, Error(kInput) where `columns` is not `rows` transposed in shape.
// Time and memory O(ratings + rows + columns). The views must outlive the result.
// `way`: of the search on CUDA; Error(kConfig) for one that this kind does not have.
// `own_weights`: (columns), above 0 and at most 1, where the options say so; else empty.
Comparison prepare_comparison(Context& context, SparseView rows, SparseView columns, const Options& options,
                              SearchWay way = SearchWay::kCheapest, std::span<const double> own_weights = {});

// Bytes of host memory that a comparison of this size and the search in it take at most, the search by one thread.
int64_t predicted_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options);
// Bytes of device memory that the search on CUDA takes where it may; with fewer it goes tile by tile.
int64_t predicted_device_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options);
// What cannot be done without, tile by tile and row by row.
int64_t least_device_bytes(int64_t rows, int64_t columns, int64_t ratings, const Options& options);

// How many rows a call of top_neighbours should be given: few on the CPU, many on CUDA, where a call should fill the
// device.
int32_t rows_per_call(bool on_cuda, int64_t rows, const Options& options);

// The neighbours of consecutive rows: row r of the matrices belongs to row first_row + r of the comparison.
struct NeighbourRows {
  MatrixView<int32_t> indices;     // (rows × neighbours), best first
  MatrixView<float> similarities;  // likewise, falling
  std::span<int32_t> counts;       // (rows), how many of them are filled
};

// For each row first_row … the `neighbours` other rows with the highest similarity (similarity_value.h), ties by
// smaller index. A similarity of zero, a zero norm or variance and fewer than min_common columns in common make no
// neighbour; a negative one only with keep_negative. Sums over common columns are exact integers, so no order can
// change them; with weights they are doubles added by rising column. Same bytes for any number of threads. Scratch
// memory O(threads × rows); time O(Σ over entries (r, c) of the length of column c), plus O(rows) for each row whose
// columns are long. No rows × rows matrix ever exists. On CUDA: the same bytes; time O(ratings × rows), memory as it is
// there. Throws Error(kConfig) for misshapen views, Error(kMemory) where the device cannot hold the ratings and one
// tile.
void top_neighbours(Context& context, const Comparison& comparison, int32_t first_row, const NeighbourRows& result);

// similarities(r, j) = of row first_row + r and row j, whatever its sign; (rows × all rows of the comparison). The same
// numbers as above, and the same time but for the selection. Only in contexts of the CPU: Error(kDevice) elsewhere.
void similarity_rows(Context& context, const Comparison& comparison, int32_t first_row, MatrixView<float> similarities);

}  // namespace matinee::similarity
