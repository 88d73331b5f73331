#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "kernels/dense/adam_step.h"
#include "kernels/dense/bias.h"
#include "kernels/dense/hyperbolic_tangent.h"
#include "tests/support/cuda_device.h"
#include "tests/support/launch_counters.h"
#include "tests/support/packed_rows.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;

constexpr int64_t kRows = 1500, kColumns = 512, kCount = kRows * kColumns;

// Bytes of the 32-byte sectors that `kernel` moved, for each number.
void expect_moved(const std::vector<SimulatedGpuLaunch>& launches, const char* kernel, double needed) {
  const double moved = 32 * test::counted(launches, kernel).sectors / double{kCount};
  std::printf("%s: %.2f bytes a number, %.0f needed\n", kernel, moved, needed);
  EXPECT_LE(moved, 1.15 * needed) << kernel;
  EXPECT_GE(moved, 0.99 * needed) << kernel;
}

TEST(DenseCounters, MoveLittleMoreThanTheirNumbers) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  const auto launches = test::launches_of([] {
    Context context(test::cuda_device(), 2);
    const Matrix numbers = test::random_matrix(1, 1, kRows, kColumns);
    DeviceRows parameters(context, numbers), gradient(context, numbers), mean(context, 0 * numbers);
    DeviceRows square(context, 0 * numbers), row(context, numbers.topRows(1));
    Array<double> squares(context, 1);
    fill_rows(context, row.view().data, parameters.view());
    add_column_sums(context, gradient.view(), row.view().data);
    apply_tanh(context, parameters.view().data, kCount);
    tanh_gradient(context, parameters.view().data, gradient.view().data, kCount);
    squared_gradient(context, gradient.view().data, kCount, squares.data());
    adam_step(context, {.clip_norm = 1}, 1, squares.data(),
              {parameters.view().data, gradient.view().data, mean.view().data, square.view().data, kCount});
    parameters.numbers();
  });
  expect_moved(launches, "fill_rows_kernel", 4);
  expect_moved(launches, "add_column_sums_kernel", 4);
  expect_moved(launches, "apply_tanh_kernel", 8);
  expect_moved(launches, "tanh_gradient_kernel", 12);
  expect_moved(launches, "piece_squares_kernel", 4);
  expect_moved(launches, "adam_step_kernel", 32);
}

}  // namespace
}  // namespace matinee::dense
