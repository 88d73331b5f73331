#include "kernels/dense/matrix_product.h"

#include "kernels/dense/matrix_product_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::dense {

namespace {

// Whether there is something to do.
bool fits(const Factor& a, const Factor& b, const MatrixView<float>& c) {
  if (a.columns() != b.rows() || a.rows() != c.rows || b.columns() != c.columns) {
    fail(ErrorKind::kConfig, "product of {} × {} and {} × {} into {} × {}", a.rows(), a.columns(), b.rows(),
         b.columns(), c.rows, c.columns);
  }
  return c.rows > 0 && c.columns > 0;
}

}  // namespace

void matrix_product(Context& context, const Factor& a, const Factor& b, bool accumulate, const MatrixView<float>& c) {
  if (!fits(a, b, c)) return;
  MATINEE_DISPATCH(context, matrix_product, a, b, accumulate, c);
}

void matrix_product_plus_row(Context& context, const Factor& a, const Factor& b, const float* row,
                             const MatrixView<float>& c) {
  if (!fits(a, b, c)) return;
  MATINEE_DISPATCH(context, matrix_product_plus_row, a, b, row, c);
}

}  // namespace matinee::dense
