#pragma once

#include "kernels/support/context.h"

// tanh of numbers in the memory of the context's device.
namespace matinee::dense {

// values (count) become their tanh.
void apply_tanh(Context& context, float* values, int64_t count);

// gradient (count), of the results, becomes that of the arguments: gradient · (1 - result²).
void tanh_gradient(Context& context, const float* results, float* gradient, int64_t count);

void apply_tanh_cpu(Context& context, float* values, int64_t count);
void tanh_gradient_cpu(Context& context, const float* results, float* gradient, int64_t count);

}  // namespace matinee::dense
