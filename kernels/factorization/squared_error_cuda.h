#pragma once

#include "kernels/factorization/squared_error.h"

namespace matinee::factorization {

// squared_error() on CUDA; operands are checked.
double squared_error_cuda(Context& context, const TrainingOperands& operands);

}  // namespace matinee::factorization
