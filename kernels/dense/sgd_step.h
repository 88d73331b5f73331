#pragma once

#include <cstdint>

#include "kernels/support/context.h"

namespace matinee::dense {

// Stochastic gradient descent: p -= learning_rate · g, fused, and g = 0, ready for the next step, for `count` numbers
// in the memory of the context's device. The same bits on CUDA. Reads and writes 16 bytes a parameter.
void sgd_step(Context& context, float learning_rate, float* parameters, float* gradient, int64_t count);

void sgd_step_cpu(Context& context, float learning_rate, float* parameters, float* gradient, int64_t count);

}  // namespace matinee::dense
