#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "kernels/dense/adam_step.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

// Parameters, gradient, mean and square after three steps, and the squares of the last; `skipped`: numbers before the
// first that is stepped.
struct Stepped {
  Matrix rows;  // (4 × count)
  double squares;
};

Stepped three_steps(Context& context, float clip_norm, float loss_scale, int64_t count, int64_t skipped) {
  const uint64_t seed = test::random_seed();
  const int64_t all = count + skipped;
  const Matrix zeros = Matrix::Zero(1, all);
  DeviceRows parameters(context, random_matrix(seed, 1, 1, all)), mean(context, zeros), square(context, zeros);
  Array<double> squares(context, 1);
  Stepped stepped{Matrix(4, all), 0};
  for (int step = 1; step <= 3; ++step) {
    DeviceRows gradient(context, random_matrix(seed, 10 + static_cast<uint64_t>(step), 1, all));
    float* from = gradient.view().data + skipped;
    squared_gradient(context, from, count, squares.data());
    adam_step(
        context, {.learning_rate = 0.01f, .clip_norm = clip_norm, .loss_scale = loss_scale}, step, squares.data(),
        {parameters.view().data + skipped, from, mean.view().data + skipped, square.view().data + skipped, count});
    stepped.rows << parameters.numbers(), gradient.numbers(), mean.numbers(), square.numbers();
  }
  squares.fetch(context, std::span(&stepped.squares, 1));
  return stepped;
}

TEST(AdamStepCuda, HasTheBitsOfTheCpuClippedOrNot) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const auto& [clip_norm, loss_scale] :
       {std::pair(0.0f, 0.0f), {0.5f, 0.0f}, {1e6f, 0.0f}, {0.0f, 4.0f}, {0.5f, 4.0f}}) {
    for (const int64_t skipped : {0, 3}) {
      for (const int64_t count : {0, 1, 31, 33, 131, 4096, 13'001}) {
        const Stepped expected = three_steps(cpu, clip_norm, loss_scale, count, skipped);
        const Stepped found = three_steps(cuda, clip_norm, loss_scale, count, skipped);
        ASSERT_EQ(found.squares, expected.squares) << count;
        ASSERT_EQ(found.rows, expected.rows) << count << " clipped at " << clip_norm;
      }
    }
  }
}

TEST(AdamStepCuda, AddsUpThePiecesOfAMillionNumbersInTheirOrder) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  const Matrix numbers = random_matrix(test::random_seed(), 1, 1, 1'100'003);
  double expected = 0, found = 0;
  for (Context* context : {&cpu, &cuda}) {
    DeviceRows gradient(*context, numbers);
    Array<double> squares(*context, 1);
    squared_gradient(*context, gradient.view().data, numbers.cols(), squares.data());
    squares.fetch(*context, std::span(context == &cpu ? &expected : &found, 1));
  }
  EXPECT_EQ(found, expected);
}

TEST(AdamStepCuda, LetsNaNThrough) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  Matrix numbers = random_matrix(test::random_seed(), 1, 1, 33);
  numbers(0, 20) = std::nan("");
  DeviceRows parameters(cuda, 0 * random_matrix(1, 1, 1, 33)), gradient(cuda, numbers), mean(cuda, Matrix::Zero(1, 33));
  DeviceRows square(cuda, Matrix::Zero(1, 33));
  Array<double> squares(cuda, 1);
  squared_gradient(cuda, gradient.view().data, 33, squares.data());
  adam_step(cuda, {.clip_norm = 1}, 1, squares.data(),
            {parameters.view().data, gradient.view().data, mean.view().data, square.view().data, 33});
  EXPECT_TRUE(std::isnan(parameters.numbers()(0, 20)));
}

}  // namespace
}  // namespace matinee::dense
