#pragma once

#include "kernels/skip_gram/train_words.h"

namespace matinee::skip_gram {

// train_words() with softmax over all words, on CUDA; operands are checked. The bytes of train_softmax_cpu().
Trained train_softmax_cuda(Context& context, const TrainingOperands& operands, const WordRange& range);

}  // namespace matinee::skip_gram
