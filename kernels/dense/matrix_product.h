#pragma once

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::dense {

// A factor of a product, in the memory of the context's device.
struct Factor {
  MatrixView<const float> matrix;
  bool transposed = false;

  int64_t rows() const { return transposed ? matrix.columns : matrix.rows; }
  int64_t columns() const { return transposed ? matrix.rows : matrix.columns; }
};

inline Factor transpose(const MatrixView<const float>& matrix) {
  return {matrix, true};
}

// c (m × n) = a (m × k) · b (k × n), or c += a · b; c is in the memory of the device too and overlaps neither factor.
// 2 m n k flops. On the CPU each element is the sum over k in rising order, one fused multiply-add each: the same bits
// for any number of threads and on every machine. On CUDA cuBLAS sums in an order of its own: equal within rounding,
// which is that of the context's precision. Error(kConfig) where shapes do not fit.
void matrix_product(Context& context, const Factor& a, const Factor& b, bool accumulate, const MatrixView<float>& c);
// c = a · b + `row` (n numbers) in every row, from which the sums over k begin.
void matrix_product_plus_row(Context& context, const Factor& a, const Factor& b, const float* row,
                             const MatrixView<float>& c);

void matrix_product_cpu(Context& context, const Factor& a, const Factor& b, bool accumulate,
                        const MatrixView<float>& c);
void matrix_product_plus_row_cpu(Context& context, const Factor& a, const Factor& b, const float* row,
                                 const MatrixView<float>& c);

}  // namespace matinee::dense
