#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "engine/model.h"
#include "engine/models/adaptive_priors.h"
#include "engine/models/early_stopping.h"
#include "engine/models/factor_state.h"
#include "engine/models/learning_rate.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/factorization/sgd_epoch.h"

namespace matinee::engine {

// How matrix factorisation descends; the parameters that all models of this kind share.
struct SgdOptions : LearningRate, EarlyStopping {
  int64_t factors = 64;
  double initial_deviation = 0.1;
  bool biases = true;
  factorization::Updates updates = factorization::Updates::kOrdered;
  factorization::Storage storage = factorization::Storage::kFp32;

  bool deterministic() const { return updates == factorization::Updates::kOrdered; }
  // Host bytes that training needs beside the model and the blocks of ratings: for early stopping and for factors
  // stored as halves.
  int64_t extra_bytes(const DataShape& shape) const;
  void describe(Parameters& parameters);
};

// What it descends on.
struct SgdTask {
  factorization::LevelValues values;    // the target for each level
  double value_range = 1;               // largest target - smallest
  factorization::Objective objective;   // without shares, which the training fills in
  bool penalty_once_per_rating = true;  // false: once per row
  // Implicit feedback: each epoch is on examples drawn so, seed and epoch filled in; none: on the ratings themselves.
  std::optional<factorization::NegativeSampling> sampling;
  // Called after each epoch (1, 2, …) with Σ e² of the epoch's steps, its examples and the model as it is then.
  std::function<void(int64_t epoch, double squared_errors, const factorization::TrainingOperands&)> report;
  // What the penalties follow from, in place of those of the objective; report may change it, checkpoints keep it.
  PriorVariances* variances = nullptr;
};

// Trains `state` (zeros, its mean set) for options.epochs epochs, from `initial` where there is one, else from random
// rows, or goes on from the monitor's checkpoint. With a validation_share the model of the epoch with the least error
// on the ratings held out is what remains, and training ends where that has long been so. Checkpoints are offered up to
// eight times an epoch. Throws Error(kDiverged) where errors or factors grow beyond bounds.
void train_by_sgd(Context& context, const TrainingInput& input, const SgdOptions& options, const SgdTask& task,
                  const FactorState* initial, TrainingMonitor& monitor, FactorState& state);

// Throws Error(kDiverged) with what to do about it.
[[noreturn]] void fail_diverged(std::string_view name, double value, int64_t epoch, double learning_rate);

}  // namespace matinee::engine
