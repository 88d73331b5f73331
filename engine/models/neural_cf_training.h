#pragma once

#include <cstdint>

#include "engine/model.h"
#include "engine/models/neural_cf_state.h"

namespace matinee::engine {

// How a network of neural collaborative filtering is trained.
struct NeuralCfOptions {
  int64_t negatives = 4;
  int64_t batch = 2048;
  int64_t epochs = 20;
  double learning_rate = 0.001;
  double learning_rate_decay = 1.0;
  double regularization = 0;

  void describe(Parameters& parameters);
  // Of training on the CPU, and of device memory on CUDA.
  int64_t bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const;
  int64_t device_bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const;

 private:
  int64_t sampling_bytes(int64_t ratings) const;
};

// Trains `state` from where it is, or goes on from the monitor's checkpoint. Metric per epoch: running_log_loss, the
// mean over the epoch's examples, each just before its step. Checkpoints are offered up to eight times an epoch.
// Throws Error(kDiverged) where the loss or a parameter is no longer finite.
void train_neural_cf(Context& context, const TrainingInput& input, const NeuralCfOptions& options,
                     TrainingMonitor& monitor, NeuralCfState& state);

}  // namespace matinee::engine
