#include <gtest/gtest.h>

#include "kernels/dense/hyperbolic_tangent.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

// tanh and its gradient, three times on top of each other; `skipped`: numbers before the first that is looked at.
Matrix three_steps(Context& context, const Matrix& values, const Matrix& gradient, int64_t skipped) {
  DeviceRows x(context, values), dx(context, gradient);
  const int64_t count = values.cols() - skipped;
  for (int step = 0; step < 3; ++step) {
    apply_tanh(context, x.view().data + skipped, count);
    tanh_gradient(context, x.view().data + skipped, dx.view().data + skipped, count);
  }
  Matrix both(2, values.cols());
  both << x.numbers(), dx.numbers();
  return both;
}

TEST(HyperbolicTangentCuda, HasTheBitsOfTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const int64_t skipped : {0, 1}) {
    for (const int64_t count : {0, 1, 31, 33, 131, 4099}) {
      const uint64_t seed = test::random_seed();
      const Matrix values = random_matrix(seed, 1, 1, count + skipped, 3);
      const Matrix gradient = random_matrix(seed, 2, 1, count + skipped);
      ASSERT_EQ(three_steps(cuda, values, gradient, skipped), three_steps(cpu, values, gradient, skipped)) << count;
    }
  }
}

}  // namespace
}  // namespace matinee::dense
