#pragma once

#include <cstdint>

#include "engine/model.h"
#include "engine/models/early_stopping.h"
#include "engine/models/learning_rate.h"
#include "engine/models/neural_cf_state.h"
#include "kernels/neural_cf/trained_network.h"

namespace matinee::engine {

// How a network of neural collaborative filtering is trained.
struct NeuralCfOptions : LearningRate, EarlyStopping {
  int64_t negatives = 4;
  int64_t batch = 2048;
  neural_cf::Optimizer optimizer = neural_cf::Optimizer::kAdam;
  double regularization = 0;

  NeuralCfOptions() : LearningRate{.epochs = 20, .learning_rate = 0.001} {}

  void describe(Parameters& parameters);
  // Of training: host memory on the CPU, what early stopping adds to it on all devices, and device memory on CUDA.
  int64_t bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const;
  int64_t early_stopping_bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const;
  int64_t device_bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const;

 private:
  int64_t sampling_bytes(int64_t ratings) const;
};

// Trains `state` from where it is, or goes on from the monitor's checkpoint. Metric per epoch: running_log_loss, the
// mean over the epoch's examples, each just before its step. With a validation_share also validation_log_loss, the mean
// over the ratings held out and negatives drawn once for them; the network of the epoch where it is least remains.
// Checkpoints are offered up to eight times an epoch. Throws Error(kDiverged) where a loss or a parameter is no longer
// finite, or the loss far beyond that of a coin.
void train_neural_cf(Context& context, const TrainingInput& input, const NeuralCfOptions& options,
                     TrainingMonitor& monitor, NeuralCfState& state);

}  // namespace matinee::engine
