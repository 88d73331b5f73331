#pragma once

#include "kernels/factorization/pair_epoch.h"

namespace matinee::factorization {

// pair_epoch() on CUDA; operands are checked.
double pair_epoch_cuda(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                       const EpochOptions& options);

}  // namespace matinee::factorization
