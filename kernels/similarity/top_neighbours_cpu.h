#pragma once

#include "kernels/similarity/top_neighbours.h"

namespace matinee::similarity {

// Bytes of what is summed per pair of rows.
int64_t bytes_per_pair_cpu(const Options& options);

// Bytes that a thread needs besides the result.
int64_t scratch_bytes_cpu(int64_t rows, const Options& options);

// Adds to a comparison what the search on the CPU reads; `column_residuals`: of adjusted cosine, per entry of columns.
void finish_comparison_cpu(Context& context, Comparison& comparison, std::span<const int16_t> column_residuals);

// top_neighbours() on the CPU; operands are checked.
void top_neighbours_cpu(Context& context, const Comparison& comparison, int32_t first_row, const NeighbourRows& result);

// similarity_rows(); operands are checked.
void similarity_rows_cpu(Context& context, const Comparison& comparison, int32_t first_row,
                         MatrixView<float> similarities);

}  // namespace matinee::similarity
