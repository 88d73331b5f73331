#include <gtest/gtest.h>

#include "kernels/dense/bias.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

constexpr int64_t kRows[] = {0, 1, 31, 64, 131, 4200}, kColumns[] = {0, 1, 31, 32, 33, 131, 132};

Matrix filled(Context& context, const Matrix& row, int64_t rows) {
  DeviceRows from(context, row), to(context, Matrix::Constant(rows, row.cols(), 7));
  fill_rows(context, from.view().data, to.view());
  return to.numbers();
}

// Three times the sums, each on top of those before.
Matrix column_sums(Context& context, const Matrix& numbers, const Matrix& row) {
  DeviceRows matrix(context, numbers), sums(context, row);
  for (int step = 0; step < 3; ++step) add_column_sums(context, matrix.view(), sums.view().data);
  return sums.numbers();
}

TEST(BiasCuda, HasTheBitsOfTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const int64_t rows : kRows) {
    for (const int64_t columns : kColumns) {
      const uint64_t seed = test::random_seed();
      const Matrix row = random_matrix(seed, 1, 1, columns), numbers = random_matrix(seed, 2, rows, columns);
      ASSERT_EQ(filled(cuda, row, rows), filled(cpu, row, rows)) << rows << " × " << columns;
      ASSERT_EQ(column_sums(cuda, numbers, row), column_sums(cpu, numbers, row)) << rows << " × " << columns;
    }
  }
}

TEST(BiasCuda, LeavesWhatLiesBetweenItsRows) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  const Matrix row = random_matrix(test::random_seed(), 1, 1, 20);
  DeviceRows from(cuda, row), to(cuda, Matrix::Constant(33, 24, 7));
  fill_rows(cuda, from.view().data, {to.view().data, 33, 20, 24});
  const Matrix found = to.numbers();
  EXPECT_EQ(found.leftCols(20), row.replicate(33, 1));
  EXPECT_EQ(found.rightCols(4), Matrix::Constant(33, 4, 7));
}

}  // namespace
}  // namespace matinee::dense
