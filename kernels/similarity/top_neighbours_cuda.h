#pragma once

#include "kernels/similarity/top_neighbours.h"

namespace matinee::similarity {

// Puts on the device what the search on CUDA reads; `column_residuals`: of adjusted cosine, per entry of columns.
void finish_comparison_cuda(Context& context, Comparison& comparison, std::span<const int16_t> column_residuals);

// top_neighbours() on CUDA; operands are checked.
void top_neighbours_cuda(Context& context, const Comparison& comparison, int32_t first_row,
                         const NeighbourRows& result);

}  // namespace matinee::similarity
