#pragma once

#include "kernels/support/cuda_resources.cuh"
#include "kernels/support/matrix_view.h"

namespace matinee::neural_cf {

// y (rows × outputs) = x (rows × inputs) · weightsᵀ, each element the sum over inputs in rising order, one fused
// multiply-add each, from 0: the bits of dense::multiply(). With a bias (outputs), relu of that plus the bias.
void ordered_layer(CudaResources& cuda, const MatrixView<const float>& x, const MatrixView<const float>& weights,
                   const float* bias, const MatrixView<float>& y);

}  // namespace matinee::neural_cf
