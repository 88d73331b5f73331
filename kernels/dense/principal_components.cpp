#include "kernels/dense/principal_components.h"

#include <cmath>

#include "kernels/dense/principal_components_cpu.h"
#include "kernels/support/error.h"

namespace matinee::dense {

PrincipalComponents principal_components(Context&, MatrixView<const float> rows, int components) {
  if (components < 1 || rows.rows < 0 || rows.columns < 0 || rows.stride < rows.columns) {
    fail(ErrorKind::kConfig, "principal components: {} of a matrix of {} x {} with stride {}", components, rows.rows,
         rows.columns, rows.stride);
  }
  for (int64_t row = 0; row < rows.rows; ++row) {
    for (int64_t column = 0; column < rows.columns; ++column) {
      if (!std::isfinite(rows(row, column))) {
        fail(ErrorKind::kInput, "principal components: row {}, column {} is {}", row, column, rows(row, column));
      }
    }
  }
  return principal_components_cpu(rows, components);
}

}  // namespace matinee::dense
