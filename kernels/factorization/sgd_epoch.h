#pragma once

#include <cstdint>
#include <span>

#include "kernels/factorization/epoch_options.h"
#include "kernels/factorization/training_operands.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// One epoch of stochastic gradient descent over conflict-free blocks, one step per rating (Koren, Bell and Volinsky
// 2009; blocks after Gemulla et al., KDD 2011), or the part of an epoch that `strata` lists, in that order. The blocks
// of a stratum run in parallel, on CUDA the tiles of a step; the result does not depend on the number of threads, and
// is the same bits on CUDA. With lock-free updates each thread, on CUDA each block of threads, takes one block of
// ratings after the other in the same order and waits for nobody. Returns Σ e² in double, each e taken just before its
// step, added up in the order of tiles, blocks and strata; not finite where training diverged. Per rating: 4 padded
// floats read or written per factor + 12 bytes; 8 flops per factor. Throws Error(kConfig) for a stratum that there is
// not.
double sgd_epoch(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                 const EpochOptions& options);

// The same for operands that are needed once; leaves the result in `model`. Errors as TrainingOperands, too.
double sgd_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                 const Objective& objective, const EpochOptions& options, const FactorsView<float>& model);

double sgd_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                     const EpochOptions& options);

}  // namespace matinee::factorization
