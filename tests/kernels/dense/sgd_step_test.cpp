#include "kernels/dense/sgd_step.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

constexpr float kRate = 0.03f;

TEST(SgdStep, SubtractsTheGradientAndClearsIt) {
  Context context({}, 2);
  for (const int64_t count : {0, 1, 31, 131, 200'001}) {
    const uint64_t seed = test::random_seed();
    const Matrix start = random_matrix(seed, 1, 1, count), slopes = random_matrix(seed, 2, 1, count);
    DeviceRows parameters(context, start), gradient(context, slopes);
    sgd_step(context, kRate, parameters.view().data, gradient.view().data, count);
    EXPECT_TRUE((gradient.numbers().array() == 0).all());
    const Matrix wrong = parameters.numbers() - (start - static_cast<double>(kRate) * slopes);
    EXPECT_TRUE((wrong.array().abs() <= 1e-6).all()) << count;
  }
}

TEST(SgdStep, LetsNaNThrough) {
  Context context({}, 1);
  float parameter = 1, gradient = std::nanf("");
  sgd_step(context, kRate, &parameter, &gradient, 1);
  EXPECT_TRUE(std::isnan(parameter));
}

// `skipped`: numbers before the first that is stepped.
Matrix stepped(Context& context, uint64_t seed, int64_t count, int64_t skipped) {
  DeviceRows parameters(context, random_matrix(seed, 1, 1, count + skipped));
  DeviceRows gradient(context, random_matrix(seed, 2, 1, count + skipped));
  sgd_step(context, kRate, parameters.view().data + skipped, gradient.view().data + skipped, count);
  Matrix result(2, count + skipped);
  result << parameters.numbers(), gradient.numbers();
  return result;
}

TEST(SgdStepCuda, HasTheBitsOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  const uint64_t seed = test::random_seed();
  for (const int64_t skipped : {0, 3}) {
    for (const int64_t count : {0, 1, 31, 33, 131, 13'001}) {
      EXPECT_EQ(stepped(cuda, seed, count, skipped), stepped(cpu, seed, count, skipped)) << count;
    }
  }
}

}  // namespace
}  // namespace matinee::dense
