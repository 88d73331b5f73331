#include "kernels/dense/hyperbolic_tangent.h"

#include "kernels/dense/hyperbolic_tangent_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::dense {

void apply_tanh(Context& context, float* values, int64_t count) {
  if (count > 0) MATINEE_DISPATCH(context, apply_tanh, values, count);
}

void tanh_gradient(Context& context, const float* results, float* gradient, int64_t count) {
  if (count > 0) MATINEE_DISPATCH(context, tanh_gradient, results, gradient, count);
}

}  // namespace matinee::dense
