#pragma once

#include <cstdint>
#include <span>

#include "kernels/factorization/epoch_options.h"
#include "kernels/factorization/training_operands.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// One epoch of Bayesian personalised ranking, or the part of it that `strata` lists: one step for each pair of a
// positive u, i and a negative u, j (blocks of pairs) on -ln σ(x_ui - x_uj) + ½ the penalties; the link of the
// objective has no part in it, nor have user biases, which the difference does not have. Returns Σ (1 - σ)² in double,
// each taken just before its step. Order, threads, devices and errors as sgd_epoch. Per pair: 6 padded floats read or
// written per factor + 24 bytes; 13 flops per factor.
double pair_epoch(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                  const EpochOptions& options);

double pair_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                      const EpochOptions& options);

}  // namespace matinee::factorization
