#include "kernels/dense/sgd_step.h"

#include "kernels/dense/sgd_step_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::dense {

void sgd_step(Context& context, float learning_rate, float* parameters, float* gradient, int64_t count) {
  if (count > 0) MATINEE_DISPATCH(context, sgd_step, learning_rate, parameters, gradient, count);
}

}  // namespace matinee::dense
