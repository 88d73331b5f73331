#pragma once

#include "kernels/skip_gram/train_words.h"

namespace matinee::skip_gram {

// train_words() by lock-free updates on the CPU; operands are checked.
Trained train_lock_free_cpu(Context& context, const TrainingOperands& operands, const WordRange& range);

}  // namespace matinee::skip_gram
