#pragma once

#include "kernels/dense/sgd_step.h"

namespace matinee::dense {

// The same on CUDA, for 1 parameter or more.
void sgd_step_cuda(Context& context, float learning_rate, float* parameters, float* gradient, int64_t count);

}  // namespace matinee::dense
