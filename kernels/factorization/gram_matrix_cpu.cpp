#include <algorithm>

#include "kernels/factorization/gram_matrix.h"
#include "kernels/factorization/padded.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

constexpr int64_t kRows = 64;  // of two groups of columns, widened to double: 16 KiB
constexpr int64_t kTileRows = 4, kTileColumns = 8;

struct Widened {
  alignas(64) double values[kRows * kLanes];

  [[gnu::always_inline]] void read(const MatrixView<const float>& matrix, int64_t first, int64_t count,
                                   int64_t column) {
    for (int64_t n = 0; n < count; ++n) {
      const float* source = matrix.row(first + n) + column;
      for (int64_t lane = 0; lane < kLanes; ++lane) values[n * kLanes + lane] = static_cast<double>(source[lane]);
    }
  }
};

// target[t][lane] += Σ_n left[n][t] right[n][lane], in rising order of n.
[[gnu::always_inline]] inline void add_tile(const double* left, const double* right, int64_t count, double* target) {
  double sums[kTileRows][kTileColumns];
  for (int64_t t = 0; t < kTileRows; ++t) std::copy_n(target + t * kLanes, kTileColumns, sums[t]);
  for (int64_t n = 0; n < count; ++n) {
    for (int64_t t = 0; t < kTileRows; ++t) {
      const double weight = left[n * kLanes + t];
      for (int64_t lane = 0; lane < kTileColumns; ++lane) sums[t][lane] += weight * right[n * kLanes + lane];
    }
  }
  for (int64_t t = 0; t < kTileRows; ++t) std::copy_n(sums[t], kTileColumns, target + t * kLanes);
}

// The kLanes × kLanes products of the columns from `left_column` and from `right_column`, over all rows in order.
MATINEE_MULTIVERSION
void multiply_columns(const MatrixView<const float>& matrix, int64_t left_column, int64_t right_column,
                      double* products) {
  Widened left, right;
  for (int64_t first = 0; first < matrix.rows; first += kRows) {
    const int64_t count = std::min(kRows, matrix.rows - first);
    left.read(matrix, first, count, left_column);
    right.read(matrix, first, count, right_column);
    for (int64_t t = 0; t < kLanes; t += kTileRows) {
      for (int64_t lane = 0; lane < kLanes; lane += kTileColumns) {
        add_tile(left.values + t, right.values + lane, count, products + t * kLanes + lane);
      }
    }
  }
}

}  // namespace

Buffer<double> gram_matrix_cpu(Context& context, const MatrixView<const float>& matrix) {
  const int64_t columns = matrix.columns, groups = columns / kLanes;
  Buffer<double> gram(columns * columns);
  context.pool().run(groups * groups, [&](int64_t task, int) {
    const int64_t left = task / groups * kLanes, right = task % groups * kLanes;
    if (right > left) return;
    double products[kLanes * kLanes] = {};
    multiply_columns(matrix, left, right, products);
    for (int64_t t = 0; t < kLanes; ++t) {
      for (int64_t lane = 0; lane < kLanes; ++lane) {
        gram[(left + t) * columns + right + lane] = products[t * kLanes + lane];
        gram[(right + lane) * columns + left + t] = products[t * kLanes + lane];
      }
    }
  });
  return gram;
}

}  // namespace matinee::factorization
