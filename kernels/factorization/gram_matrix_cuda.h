#pragma once

#include "kernels/factorization/gram_matrix.h"

namespace matinee::factorization {

// gram_matrix() on CUDA; operands are checked.
Buffer<double> gram_matrix_cuda(Context& context, const MatrixView<const float>& matrix);

}  // namespace matinee::factorization
