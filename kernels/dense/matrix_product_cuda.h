#pragma once

#include "kernels/dense/matrix_product.h"

namespace matinee::dense {

// matrix_product() by cuBLAS; shapes are checked, c is not empty.
void matrix_product_cuda(Context& context, const Factor& a, const Factor& b, bool accumulate,
                         const MatrixView<float>& c);
// matrix_product_plus_row() likewise: the row is put into C first.
void matrix_product_plus_row_cuda(Context& context, const Factor& a, const Factor& b, const float* row,
                                  const MatrixView<float>& c);

}  // namespace matinee::dense
