#pragma once

#include "kernels/dense/sweep.h"

namespace matinee::dense {

// As sweep(), of checked operands.
void sweep_cpu(Context& context, MatrixView<float> matrix, int64_t first, int64_t count);

}  // namespace matinee::dense
