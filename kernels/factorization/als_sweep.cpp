#include "kernels/factorization/als_sweep.h"

#include "kernels/factorization/als_sweep_cuda.h"
#include "kernels/factorization/padded.h"
#include "kernels/factorization/triangle_panels.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::factorization {
namespace {

void check(const char* what, const MatrixView<const float>& rows, int32_t count, int64_t factors) {
  const int64_t columns = padded(factors);
  if (rows.rows != count || rows.columns != columns || rows.stride != columns) {
    fail(ErrorKind::kConfig, "{} of shape {} × {} at distance {}: there are {} of them, {} long with padding", what,
         rows.rows, rows.columns, rows.stride, count, columns);
  }
}

}  // namespace

void als_sweep(Context& context, const AlsSweep& sweep, int64_t first, const MatrixView<float>& solved,
               const RowsDone& rows_done) {
  if (sweep.factors < 1) fail(ErrorKind::kConfig, "least squares of {} factors", sweep.factors);
  check("fixed rows", sweep.fixed, sweep.ratings.columns, sweep.factors);
  check("rows to solve", solved, sweep.ratings.rows, sweep.factors);
  if (first < 0 || first > sweep.ratings.rows) {
    fail(ErrorKind::kConfig, "least squares from row {} of {}", first, sweep.ratings.rows);
  }
  MATINEE_DISPATCH(context, als_sweep, sweep, first, solved, rows_done);
}

Buffer<float> common_triangle(const AlsSweep& sweep) {
  const int64_t columns = sweep.fixed.columns;
  Buffer<float> triangle(triangle_elements(columns));
  for (int64_t row = 0; row < columns; ++row) {
    float* panel = triangle.data() + panel_start(row / kLanes);
    for (int64_t column = 0; column <= row; ++column) {
      const double value = row < sweep.factors ? sweep.objective.unobserved_weight * sweep.gram[row * columns + column]
                                               : (row == column ? 1.0 : 0.0);
      panel[column * kLanes + row % kLanes] = static_cast<float>(value);
    }
  }
  return triangle;
}

Buffer<float> penalties_of(const AlsSweep& sweep) {
  Buffer<float> penalties(sweep.ratings.rows);
  for (int32_t row = 0; row < sweep.ratings.rows; ++row) {
    penalties[row] = static_cast<float>(sweep.objective.penalty(sweep.ratings.row_size(row), sweep.ratings.columns));
  }
  return penalties;
}

int64_t als_bytes(int64_t users, int64_t items, int64_t factors) {
  constexpr int64_t kThreads = 16, kGathered = 128;  // of a common machine; ratings held by each (als_sweep_cpu.cpp)
  const int64_t columns = padded(factors), triangle = triangle_elements(columns) * 4;
  const int64_t grams = 2 * columns * columns * static_cast<int64_t>(sizeof(double));
  return grams + triangle + kThreads * (triangle + kGathered * columns * 4) + users * 8 + items * 4;
}

int64_t als_device_bytes(int64_t users, int64_t items, int64_t ratings, int64_t factors) {
  constexpr int64_t kSystems = 640;  // in flight on large devices, where shared memory does not hold them
  const int64_t columns = padded(factors), triangle = triangle_elements(columns) * 4;
  const int64_t grams = 64 * columns * columns * static_cast<int64_t>(sizeof(double));
  return (users + items) * (columns * 4 + 16) + 2 * ratings * 4 + kSystems * triangle + grams;
}

int64_t end_of_share(const AlsSweep& sweep, int64_t first, double flops) {
  const double k = static_cast<double>(sweep.fixed.columns);
  int64_t end = first;
  for (double spent = 0; end < sweep.ratings.rows && (end == first || spent < flops); ++end) {
    spent += k * k * (static_cast<double>(sweep.ratings.row_size(static_cast<int32_t>(end))) + k / 3);
  }
  return end;
}

}  // namespace matinee::factorization
