#include "kernels/dense/bias.h"

#include "kernels/dense/bias_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::dense {

void fill_rows(Context& context, const float* row, const MatrixView<float>& matrix) {
  if (matrix.rows == 0 || matrix.columns == 0) return;
  MATINEE_DISPATCH(context, fill_rows, row, matrix);
}

void add_column_sums(Context& context, const MatrixView<const float>& matrix, float* sums) {
  if (matrix.rows == 0 || matrix.columns == 0) return;
  MATINEE_DISPATCH(context, add_column_sums, matrix, sums);
}

}  // namespace matinee::dense
