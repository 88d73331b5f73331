#include "kernels/dense/sweep_cpu.h"

#include <algorithm>
#include <vector>

#include <Eigen/Dense>

#include "kernels/dense/gemm_cpu.h"
#include "kernels/dense/matrix_product.h"
#include "kernels/support/error.h"

namespace matinee::dense {
namespace {

constexpr int64_t kRowsPerTask = 168;
// A pivot of which less than this share is left by those before it is rounding error, and no number to divide by.
constexpr double kLeastPivot = 0x1p-22;

// -A_KK⁻¹, both triangles, (count × count).
Buffer<float> negative_inverse(MatrixView<const float> matrix, int64_t first, int64_t count) {
  Eigen::MatrixXd pivots(count, count);
  for (int64_t row = 0; row < count; ++row) {
    for (int64_t column = 0; column <= row; ++column) {
      pivots(row, column) = pivots(column, row) = static_cast<double>(matrix(first + row, first + column));
    }
  }
  const Eigen::LLT<Eigen::MatrixXd> factors(pivots);
  bool sound = factors.info() == Eigen::Success;
  for (int64_t n = 0; sound && n < count; ++n) {
    const double root = factors.matrixLLT()(n, n);
    sound = root * root > kLeastPivot * pivots(n, n);
  }
  if (!sound) {
    fail(ErrorKind::kInput, "rows {} to {} of a matrix of {} are not positive definite in single precision", first,
         first + count - 1, matrix.rows);
  }
  const Eigen::MatrixXd inverse = factors.solve(Eigen::MatrixXd::Identity(count, count));
  Buffer<float> negative(count * count);
  for (int64_t row = 0; row < count; ++row) {
    for (int64_t column = 0; column <= row; ++column) {
      negative[row * count + column] = negative[column * count + row] = static_cast<float>(-inverse(row, column));
    }
  }
  return negative;
}

// The columns first .. first+count-1 of the whole matrix, (n × count).
Buffer<float> pivot_columns(Context& context, MatrixView<const float> matrix, int64_t first, int64_t count) {
  Buffer<float> columns(matrix.rows * count);
  parallel_blocks(context, matrix.rows, kRowsPerTask, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      for (int64_t pivot = first; pivot < first + count; ++pivot) {
        columns[row * count + pivot - first] = row >= pivot ? matrix(row, pivot) : matrix(pivot, row);
      }
    }
  });
  return columns;
}

// C += A · Bᵀ for the lower triangle of C (n × n), in which every row of A and B has `count` numbers.
void add_product_to_lower(Context& context, MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  PackedMatrix right;
  right.pack(context, transposed(b));
  std::vector<GemmScratch> scratch(static_cast<std::size_t>(context.threads()));
  const int64_t blocks = pieces(c.rows, kRowsPerTask);
  parallel_blocks(context, blocks, 1, [&](int64_t block, int64_t, int worker) {
    const int64_t begin = (blocks - 1 - block) * kRowsPerTask;  // the longest rows first
    const int64_t end = std::min(begin + kRowsPerTask, c.rows);
    multiply(as_is({a.row(begin), end - begin, a.columns, a.stride}), right, {c.row(begin), c.stride},
             {c.row(begin), end - begin, c.columns, c.stride}, scratch[static_cast<std::size_t>(worker)], 0,
             pieces(end, right.width()));
  });
}

}  // namespace

void sweep_cpu(Context& context, MatrixView<float> matrix, int64_t first, int64_t count) {
  const int64_t rows = matrix.rows;
  const Buffer<float> inverse = negative_inverse(matrix, first, count);
  const Buffer<float> before = pivot_columns(context, matrix, first, count);
  Buffer<float> after(rows * count);  // -A_RK A_KK⁻¹
  const MatrixView<const float> old_columns{before.data(), rows, count, count};
  const MatrixView<float> new_columns{after.data(), rows, count, count};
  matrix_product_cpu(context, {old_columns}, {{inverse.data(), count, count, count}}, false, new_columns);
  add_product_to_lower(context, new_columns, old_columns, matrix);
  parallel_blocks(context, rows, kRowsPerTask, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t pivot = row - first;
      if (pivot >= 0 && pivot < count) {
        for (int64_t column = 0; column < first; ++column) matrix(row, column) = -after[column * count + pivot];
        for (int64_t column = 0; column <= pivot; ++column) {
          matrix(row, first + column) = inverse[pivot * count + column];
        }
      } else if (pivot >= count) {
        for (int64_t column = 0; column < count; ++column) {
          matrix(row, first + column) = -after[row * count + column];
        }
      }
    }
  });
}

}  // namespace matinee::dense
