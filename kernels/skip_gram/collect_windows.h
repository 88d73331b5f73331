#pragma once

#include <cstdint>

#include "kernels/skip_gram/training_operands.h"
#include "kernels/skip_gram/windows.h"
#include "kernels/support/context.h"

namespace matinee::skip_gram {

// The windows of the words begin .. end-1 of an epoch, by all threads of the context: as Windows::collect().
Windows collect_windows(Context& context, const TrainingOperands& operands, int64_t epoch, int64_t begin, int64_t end);

// The target that each round of `windows` starts with, and where the last ends. Rounds start at multiples of
// round_words() from the start of the epoch, as the windows do.
std::vector<int64_t> round_starts(const TrainingOperands& operands, const Windows& windows);

}  // namespace matinee::skip_gram
