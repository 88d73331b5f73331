#include "kernels/skip_gram/train_lock_free_cpu.h"
#include "kernels/skip_gram/train_rounds_cpu.h"
#include "kernels/skip_gram/train_softmax_cpu.h"
#include "kernels/skip_gram/train_words.h"

namespace matinee::skip_gram {

Trained train_words_cpu(Context& context, const TrainingOperands& operands, const WordRange& range) {
  if (operands.settings().output == Output::kSoftmax) return train_softmax_cpu(context, operands, range);
  return operands.settings().deterministic ? train_rounds_cpu(context, operands, range)
                                           : train_lock_free_cpu(context, operands, range);
}

}  // namespace matinee::skip_gram
