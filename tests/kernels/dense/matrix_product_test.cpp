#include "kernels/dense/matrix_product.h"

#include <vector>

#include <gtest/gtest.h>

#include "kernels/dense/gemm_cpu.h"
#include "kernels/dense/gemm_tiles_cpu.h"
#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;

struct Shape {
  int64_t m, n, k;
};

constexpr Shape kShapes[] = {{1, 1, 1},     {31, 33, 131},  {131, 1, 31}, {1, 131, 33},    {14, 32, 256},
                             {15, 33, 257}, {200, 70, 300}, {3, 5, 0},    {300, 131, 523}, {131, 611, 300}};

Factor factor(const Matrix& numbers, bool transposed, std::vector<float>& storage) {
  const Matrix stored = transposed ? Matrix(numbers.transpose()) : numbers;
  storage = test::to_float(stored);
  return {{storage.data(), stored.rows(), stored.cols(), stored.cols()}, transposed};
}

TEST(MatrixProduct, AgreesWithTheProductInDouble) {
  Context context({}, 2);
  const uint64_t seed = test::random_seed();
  for (const Shape& shape : kShapes) {
    const Matrix a = random_matrix(seed, 1, shape.m, shape.k), b = random_matrix(seed, 2, shape.k, shape.n);
    const Matrix start = random_matrix(seed, 3, shape.m, shape.n);
    for (const bool transposed_a : {false, true}) {
      for (const bool transposed_b : {false, true}) {
        std::vector<float> left, right, c = test::to_float(start);
        const Factor fa = factor(a, transposed_a, left), fb = factor(b, transposed_b, right);
        const MatrixView<float> view = {c.data(), shape.m, shape.n, shape.n};
        matrix_product(context, fa, fb, true, view);
        EXPECT_LE(relative_difference(test::to_double(view), start + a * b), 1e-5) << shape.m << " " << shape.k;
        matrix_product(context, fa, fb, false, view);
        EXPECT_LE(relative_difference(test::to_double(view), a * b), 1e-5) << shape.m << " " << shape.k;
        const std::vector<float> row = test::to_float(start.topRows(1));
        matrix_product_plus_row(context, fa, fb, row.data(), view);
        EXPECT_LE(relative_difference(test::to_double(view), (a * b).rowwise() + start.row(0)), 1e-5) << shape.m;
      }
    }
  }
}

TEST(MatrixProduct, WritesNothingBesideTheResult) {
  Context context({}, 2);
  const uint64_t seed = test::random_seed();
  std::vector<float> left, right, c(33 * 40, 7.0f);
  const Factor a = factor(random_matrix(seed, 1, 33, 31), false, left);
  const Factor b = factor(random_matrix(seed, 2, 31, 35), false, right);
  matrix_product(context, a, b, false, {c.data(), 33, 35, 40});
  for (std::size_t n = 0; n < c.size(); ++n) {
    const bool beside = n % 40 >= 35;
    EXPECT_TRUE(!beside || c[n] == 7.0f) << n;
  }
}

// One fused multiply-add after the other, in the order of k: what any tile and any number of threads must give.
TEST(MatrixProduct, HasTheBytesOfOneOrderOfAdditions) {
  const uint64_t seed = test::random_seed();
  constexpr int64_t m = 37, n = 67, k = 300;
  std::vector<float> left, right, expected(m * n), found(m * n);
  const Factor a = factor(random_matrix(seed, 1, m, k), false, left);
  const Factor b = factor(random_matrix(seed, 2, k, n), false, right);
  for (int64_t row = 0; row < m; ++row) {
    for (int64_t column = 0; column < n; ++column) {
      float sum = 0;
      for (int64_t i = 0; i < k; ++i) sum = std::fma(a.matrix(row, i), b.matrix(i, column), sum);
      expected[static_cast<std::size_t>(row * n + column)] = sum;
    }
  }
  for (const int threads : {1, 2, 5}) {
    Context context({}, threads);
    matrix_product(context, a, b, false, {found.data(), m, n, n});
    EXPECT_EQ(found, expected) << threads << " threads";
  }
}

enum class Begin { kZeros, kMatrix, kRow };

// A tile of `rows` × `columns` within a wider C, of which nothing else may change.
void expect_bytes_of_tile(uint64_t seed, const GemmTile& tile, int rows, int columns, Begin begin) {
  constexpr int64_t k = 19, row_step = 23;
  const int64_t width = tile.most_columns;
  const std::vector<float> a = test::to_float(random_matrix(seed, 1, rows, row_step));
  std::vector<float> packed;
  for (int64_t n = 0; n < k * rows; ++n) packed.push_back(a[static_cast<std::size_t>(n % rows * row_step + n / rows)]);
  Buffer<float> b(k * width);
  std::ranges::copy(test::to_float(random_matrix(seed, 2, k, width)), b.data());
  const std::vector<float> start = test::to_float(random_matrix(seed, 3, rows, width));
  std::vector<float> expected = start, from_packed = start, in_place = start;
  const GemmStart first = {begin == Begin::kZeros ? nullptr : start.data(), begin == Begin::kRow ? 0 : width};
  tile.packed[rows](k, packed.data(), 0, b.data(), first, from_packed.data(), width, columns);
  tile.in_place[rows](k, a.data(), row_step, b.data(), first, in_place.data(), width, columns);
  for (int64_t n = 0; n < rows * width; ++n) {
    if (n % width >= columns) continue;
    float sum = first.data == nullptr ? 0 : first.data[n / width * first.stride + n % width];
    for (int64_t i = 0; i < k; ++i) {
      sum = std::fma(a[static_cast<std::size_t>(n / width * row_step + i)], b[i * width + n % width], sum);
    }
    expected[static_cast<std::size_t>(n)] = sum;
  }
  EXPECT_EQ(from_packed, expected) << rows << " rows, " << columns << " of " << width << " columns";
  EXPECT_EQ(in_place, expected) << rows << " rows, " << columns << " of " << width << " columns";
}

TEST(GemmTile, HasTheSameBytesInEverySetOfInstructions) {
  const uint64_t seed = test::random_seed();
  for (const ProcessorLevel level : test::processor_levels()) {
    const test::LimitedLevel limited(level);
    const GemmTile& tile = gemm_tile();
    for (int rows = 1; rows <= tile.most_rows; ++rows) {
      for (int columns = 1; columns <= tile.most_columns; ++columns) {
        for (const Begin begin : {Begin::kZeros, Begin::kMatrix, Begin::kRow}) {
          expect_bytes_of_tile(seed, tile, rows, columns, begin);
        }
      }
    }
  }
}

TEST(MatrixProduct, RefusesShapesThatDoNotFit) {
  Context context({}, 1);
  std::vector<float> numbers(100);
  const MatrixView<float> c = {numbers.data(), 3, 4, 4};
  EXPECT_THROW(matrix_product(context, {{numbers.data(), 3, 5, 5}}, {{numbers.data(), 4, 4, 4}}, false, c), Error);
  EXPECT_THROW(matrix_product(context, {{numbers.data(), 2, 5, 5}}, {{numbers.data(), 5, 4, 4}}, false, c), Error);
}

TEST(MatrixProduct, OnCudaAgreesWithTheProductInDouble) {
  MATINEE_NEEDS_CUDA();
  Context context(test::cuda_device(), 1);
  const uint64_t seed = test::random_seed();
  for (const Shape& shape : kShapes) {
    const Matrix a = random_matrix(seed, 1, shape.m, shape.k), b = random_matrix(seed, 2, shape.k, shape.n);
    const Matrix start = random_matrix(seed, 3, shape.m, shape.n);
    DeviceRows left(context, a), left_transposed(context, a.transpose()), right(context, b);
    DeviceRows right_transposed(context, b.transpose());
    DeviceRows with_row(context, start), row(context, start.topRows(1));
    matrix_product_plus_row(context, {left.view()}, {right.view()}, row.view().data, with_row.view());
    EXPECT_LE(relative_difference(with_row.numbers(), (a * b).rowwise() + start.row(0)), 1e-5) << shape.m;
    for (const bool accumulate : {false, true}) {
      DeviceRows c(context, start), d(context, start);
      matrix_product(context, {left.view()}, {right.view()}, accumulate, c.view());
      matrix_product(context, transpose(left_transposed.view()), transpose(right_transposed.view()), accumulate,
                     d.view());
      const Matrix expected = accumulate ? Matrix(start + a * b) : Matrix(a * b);
      EXPECT_LE(relative_difference(c.numbers(), expected), 1e-5) << shape.m << " " << shape.k;
      EXPECT_LE(relative_difference(d.numbers(), expected), 1e-5) << shape.m << " " << shape.k;
    }
  }
}

}  // namespace
}  // namespace matinee::dense
