#pragma once

#include "kernels/seq2seq/dropout.h"

namespace matinee::seq2seq {

// dropout() on CUDA; the rate is checked, count > 0.
void dropout_cuda(Context& context, const DropoutMask& mask, const float* from, float* to, int64_t count);

}  // namespace matinee::seq2seq
