#include "kernels/seq2seq/dropout.h"

#include "kernels/seq2seq/dropout_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::seq2seq {

void dropout(Context& context, const DropoutMask& mask, const float* from, float* to, int64_t count) {
  if (!(mask.rate >= 0 && mask.rate < 1)) {
    fail(ErrorKind::kConfig, "a dropout of {}: it must be 0 or more and below 1", mask.rate);
  }
  if (count > 0) MATINEE_DISPATCH(context, dropout, mask, from, to, count);
}

}  // namespace matinee::seq2seq
