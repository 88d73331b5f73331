#pragma once

#include "kernels/factorization/squared_norm.h"

namespace matinee::factorization {

// squared_norm() on CUDA; operands are checked.
double squared_norm_cuda(Context& context, const StoredMatrix& matrix);

}  // namespace matinee::factorization
