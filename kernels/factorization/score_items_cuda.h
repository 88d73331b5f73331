#pragma once

#include "kernels/factorization/score_items.h"

namespace matinee::factorization {

// score_items() on CUDA; operands are checked.
void score_items_cuda(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                      MatrixView<float> scores);
void score_items_cuda(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                      const DeviceMatrix& scores);

}  // namespace matinee::factorization
