#pragma once

#include "kernels/skip_gram/train_words.h"

namespace matinee::skip_gram {

// train_words() on CUDA; operands are checked.
Trained train_words_cuda(Context& context, const TrainingOperands& operands, const WordRange& range);

}  // namespace matinee::skip_gram
