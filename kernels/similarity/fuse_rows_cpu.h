#pragma once

#include "kernels/similarity/fuse_rows.h"

namespace matinee::similarity {

// As fuse_rows(), of checked operands.
void fuse_rows_cpu(Context& context, MatrixView<const float> first, MatrixView<const float> second, int32_t first_row,
                   const FusionOptions& options, std::span<const FusionRatio> ratios,
                   std::span<const NeighbourRows> results, std::span<float> magnitudes);

}  // namespace matinee::similarity
