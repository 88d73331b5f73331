#include "kernels/dense/adam_step.h"

#include "kernels/dense/adam_step_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::dense {

void squared_gradient(Context& context, const float* gradient, int64_t count, double* squares) {
  MATINEE_DISPATCH(context, squared_gradient, gradient, count, squares);
}

void adam_step(Context& context, const AdamSettings& settings, int64_t step, const double* squares,
               const AdamState& state) {
  if (step < 1) fail(ErrorKind::kConfig, "Adam: step {}, which begins at 1", step);
  if (state.count > 0) MATINEE_DISPATCH(context, adam_step, settings, step, squares, state);
}

}  // namespace matinee::dense
