#include "kernels/factorization/gram_matrix.h"

#include "kernels/factorization/gram_matrix_cuda.h"
#include "kernels/factorization/padded.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::factorization {

Buffer<double> gram_matrix(Context& context, const MatrixView<const float>& matrix) {
  if (matrix.columns != matrix.stride || matrix.stride % kLanes != 0) {
    fail(ErrorKind::kConfig, "the Gram matrix of rows of length {} at distance {}: they are padded to a multiple of {}",
         matrix.columns, matrix.stride, kLanes);
  }
  return MATINEE_DISPATCH(context, gram_matrix, matrix);
}

}  // namespace matinee::factorization
