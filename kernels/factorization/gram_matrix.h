#pragma once

#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::factorization {

// MᵀM in double, (columns × columns) row by row, of a matrix (rows, columns): columns = stride, a multiple of kLanes.
// Products of floats are exact in double and each sum has one fixed order on a device: the same bits for any number of
// threads; CPU and CUDA differ by rounding. Throws Error(kConfig) for rows that are not padded. columns² flops per row.
Buffer<double> gram_matrix(Context& context, const MatrixView<const float>& matrix);

Buffer<double> gram_matrix_cpu(Context& context, const MatrixView<const float>& matrix);

}  // namespace matinee::factorization
