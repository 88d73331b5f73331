#include "kernels/seq2seq/token_loss.h"

#include "kernels/seq2seq/token_loss_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::seq2seq {

void token_loss(Context& context, TokenLoss loss, const int32_t* targets, const MatrixView<float>& logits,
                float gradient_scale, int32_t* best, TokenSums* sums) {
  if (logits.rows == 0) return;
  if (logits.columns == 0) fail(ErrorKind::kConfig, "the loss of tokens of an empty vocabulary");
  MATINEE_DISPATCH(context, token_loss, loss, targets, logits, gradient_scale, best, sums);
}

}  // namespace matinee::seq2seq
