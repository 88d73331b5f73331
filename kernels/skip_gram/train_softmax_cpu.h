#pragma once

#include "kernels/skip_gram/train_words.h"

namespace matinee::skip_gram {

// train_words() with softmax over all words, on the CPU; operands are checked. One pair after the other, 6 flops per
// word of the vocabulary and dimension.
Trained train_softmax_cpu(Context& context, const TrainingOperands& operands, const WordRange& range);

}  // namespace matinee::skip_gram
