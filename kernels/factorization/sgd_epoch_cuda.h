#pragma once

#include "kernels/factorization/sgd_epoch.h"

namespace matinee::factorization {

// sgd_epoch() on CUDA; operands are checked.
double sgd_epoch_cuda(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                      const EpochOptions& options);

}  // namespace matinee::factorization
