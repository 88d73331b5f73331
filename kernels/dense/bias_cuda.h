#pragma once

#include "kernels/dense/bias.h"

namespace matinee::dense {

// The same on CUDA; the matrix is not empty.
void fill_rows_cuda(Context& context, const float* row, const MatrixView<float>& matrix);
void add_column_sums_cuda(Context& context, const MatrixView<const float>& matrix, float* sums);

}  // namespace matinee::dense
