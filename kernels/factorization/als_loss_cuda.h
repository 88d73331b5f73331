#pragma once

#include <span>

#include "kernels/factorization/als_loss.h"

namespace matinee::factorization {

// als_row_errors_cpu() on CUDA; operands are checked.
void als_row_errors_cuda(Context& context, SparseView by_user, const AlsFactors& factors, std::span<double> rows);

}  // namespace matinee::factorization
