#pragma once

#include "kernels/factorization/als_sweep.h"

namespace matinee::factorization {

// als_sweep() on CUDA; operands are checked.
void als_sweep_cuda(Context& context, const AlsSweep& sweep, int64_t first, const MatrixView<float>& solved,
                    const RowsDone& rows_done);

}  // namespace matinee::factorization
