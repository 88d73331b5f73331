#pragma once

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::factorization {

// Σ m_ij² in double, additions in the order of rows and columns inside fixed blocks of rows, then of the blocks: the
// same bits for any number of threads. Error(kDevice) for a device without this operation. Reads the matrix once.
double squared_norm(Context& context, const MatrixView<const float>& matrix);

namespace cpu {
double squared_norm(Context& context, const MatrixView<const float>& matrix);
}

}  // namespace matinee::factorization
