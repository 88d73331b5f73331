#pragma once

#include "kernels/skip_gram/train_words.h"

namespace matinee::skip_gram {

// train_words() by rounds on the CPU; operands are checked.
Trained train_rounds_cpu(Context& context, const TrainingOperands& operands, const WordRange& range);

}  // namespace matinee::skip_gram
