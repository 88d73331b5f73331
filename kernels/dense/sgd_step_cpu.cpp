#include <cmath>

#include "kernels/dense/sgd_step.h"
#include "kernels/support/grid.h"
#include "kernels/support/multiversion.h"

namespace matinee::dense {
namespace {

constexpr int64_t kGrain = 1 << 16;  // parameters: 500 kB

MATINEE_MULTIVERSION_FUSED void descend(float learning_rate, float* __restrict__ parameters,
                                        float* __restrict__ gradient, int64_t count) {
  for (int64_t n = 0; n < count; ++n) {
    parameters[n] = fmaf(-learning_rate, gradient[n], parameters[n]);
    gradient[n] = 0;
  }
}

}  // namespace

void sgd_step_cpu(Context& context, float learning_rate, float* parameters, float* gradient, int64_t count) {
  parallel_blocks(context, count, kGrain, [&](int64_t begin, int64_t end, int) {
    descend(learning_rate, parameters + begin, gradient + begin, end - begin);
  });
}

}  // namespace matinee::dense
