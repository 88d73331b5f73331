#pragma once

#include "kernels/seq2seq/token_loss.h"

namespace matinee::seq2seq {

// token_loss() on CUDA; logits are not empty.
void token_loss_cuda(Context& context, TokenLoss loss, const int32_t* targets, const MatrixView<float>& logits,
                     float gradient_scale, int32_t* best, TokenSums* sums);

}  // namespace matinee::seq2seq
