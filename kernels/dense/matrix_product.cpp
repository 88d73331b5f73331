#include "kernels/dense/matrix_product.h"

#include "kernels/dense/matrix_product_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::dense {

void matrix_product(Context& context, const Factor& a, const Factor& b, bool accumulate, const MatrixView<float>& c) {
  if (a.columns() != b.rows() || a.rows() != c.rows || b.columns() != c.columns) {
    fail(ErrorKind::kConfig, "product of {} × {} and {} × {} into {} × {}", a.rows(), a.columns(), b.rows(),
         b.columns(), c.rows, c.columns);
  }
  if (c.rows == 0 || c.columns == 0) return;
  MATINEE_DISPATCH(context, matrix_product, a, b, accumulate, c);
}

}  // namespace matinee::dense
