#pragma once

#include "kernels/dense/hyperbolic_tangent.h"

namespace matinee::dense {

// The same on CUDA; count > 0.
void apply_tanh_cuda(Context& context, float* values, int64_t count);
void tanh_gradient_cuda(Context& context, const float* results, float* gradient, int64_t count);

}  // namespace matinee::dense
