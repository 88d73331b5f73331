#include <gtest/gtest.h>

#include "kernels/seq2seq/dropout.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

// Three steps, each with a mask of its own: into other numbers, in place, and back.
Matrix three_steps(Context& context, float rate, const Matrix& numbers, int64_t skipped) {
  DeviceRows from(context, numbers), to(context, 0 * numbers);
  const int64_t count = numbers.cols() - skipped;
  float *first = from.view().data + skipped, *second = to.view().data + skipped;
  dropout(context, {test::random_seed(), 1, rate}, first, second, count);
  dropout(context, {test::random_seed(), 2, rate}, second, second, count);
  dropout(context, {test::random_seed(), 3, rate}, second, first, count);
  return from.numbers();
}

TEST(DropoutCuda, HasTheBitsOfTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const float rate : {0.0f, 0.3f, 0.9f}) {
    for (const int64_t skipped : {0, 1}) {
      for (const int64_t count : {0, 1, 31, 33, 131, 4099}) {
        const Matrix numbers = random_matrix(test::random_seed(), 1, 1, count + skipped);
        ASSERT_EQ(three_steps(cuda, rate, numbers, skipped), three_steps(cpu, rate, numbers, skipped)) << count;
      }
    }
  }
}

}  // namespace
}  // namespace matinee::seq2seq
