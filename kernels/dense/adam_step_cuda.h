#pragma once

#include "kernels/dense/adam_step.h"

namespace matinee::dense {

// The same on CUDA; a step is of 1 parameter or more.
void squared_gradient_cuda(Context& context, const float* gradient, int64_t count, double* squares);
void adam_step_cuda(Context& context, const AdamSettings& settings, int64_t step, const double* squares,
                    const AdamState& state);

}  // namespace matinee::dense
