#include "kernels/dense/elementary.h"
#include "kernels/dense/hyperbolic_tangent.h"
#include "kernels/support/multiversion.h"

namespace matinee::dense {
namespace {

constexpr int64_t kGrain = 1 << 15;

MATINEE_MULTIVERSION_FUSED void apply(float* values, int64_t count) {
  for (int64_t n = 0; n < count; ++n) values[n] = hyperbolic_tangent(values[n]);
}

MATINEE_MULTIVERSION_FUSED void apply_gradient(const float* results, float* gradient, int64_t count) {
  for (int64_t n = 0; n < count; ++n) gradient[n] *= fmaf(-results[n], results[n], 1.0f);
}

}  // namespace

void apply_tanh_cpu(Context& context, float* values, int64_t count) {
  parallel_blocks(context, count, kGrain, [&](int64_t begin, int64_t end, int) { apply(values + begin, end - begin); });
}

void tanh_gradient_cpu(Context& context, const float* results, float* gradient, int64_t count) {
  parallel_blocks(context, count, kGrain, [&](int64_t begin, int64_t end, int) {
    apply_gradient(results + begin, gradient + begin, end - begin);
  });
}

}  // namespace matinee::dense
