#pragma once

#include "kernels/seq2seq/coefficient_tile.cuh"

namespace matinee::seq2seq {

// With c(t, s) of the target step t and the source step s of a sequence in row t of `coefficients` (target rows ×
// source steps), sums (rows of one side), for each step of this side = or += Σ c(t, s) · rows over the steps of the
// other side, in their order.
void weighted_sums(CudaResources& cuda, Side side, bool accumulate, const DeviceSteps& source,
                   const DeviceSteps& target, const MatrixView<const float>& coefficients,
                   const MatrixView<const float>& rows, const MatrixView<float>& sums);

}  // namespace matinee::seq2seq
