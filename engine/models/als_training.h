#pragma once

#include <cstdint>

#include "engine/model.h"
#include "engine/models/factor_state.h"
#include "kernels/factorization/als_objective.h"

namespace matinee::engine {

// The parameters of alternating least squares.
struct AlsOptions {
  int64_t factors = 64;
  int64_t epochs = 16;
  double initial_deviation = 0.1;  // of a row's norm: one number has this / √factors
  factorization::AlsObjective objective;

  void describe(Parameters& parameters);
};

// Trains `state` (zeros) for options.epochs epochs, from `initial` where there is one, else from random rows, or goes
// on from the monitor's checkpoint. An epoch solves for the users, then for the items. Checkpoints are offered within
// and after each half. Metric per epoch: loss. Throws Error(kDiverged) where the loss is not finite.
void train_by_als(Context& context, const TrainingInput& input, const AlsOptions& options, const FactorState* initial,
                  TrainingMonitor& monitor, FactorState& state);

}  // namespace matinee::engine
