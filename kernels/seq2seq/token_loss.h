#pragma once

#include <cstdint>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::seq2seq {

enum class TokenLoss {
  kSoftmax,  // -ln softmax(logits)_target
  kSigmoid,  // mean over the vocabulary of the binary cross-entropy of σ(logit) against "is the target"
};

// What tokens cost, added up in the memory of the device: no step of training waits for it.
struct TokenSums {
  double loss = 0;
  int64_t correct = 0;  // tokens whose target has the highest logit, the smaller id among equals
};

// Of each row of `logits` (rows × vocabulary) and its target (rows): sums += loss and correct; `best` (rows) = the
// token of the highest logit, where it is not null; and where `gradient_scale` is not 0, logits become gradient_scale
// times the gradient of the row's loss. All in the memory of the context's device. A NaN in the logits makes the loss
// NaN. Sums are in double, in the order of rows: the same bits for any number of threads.
void token_loss(Context& context, TokenLoss loss, const int32_t* targets, const MatrixView<float>& logits,
                float gradient_scale, int32_t* best, TokenSums* sums);

void token_loss_cpu(Context& context, TokenLoss loss, const int32_t* targets, const MatrixView<float>& logits,
                    float gradient_scale, int32_t* best, TokenSums* sums);

}  // namespace matinee::seq2seq
