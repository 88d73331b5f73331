#pragma once

#include <cstdint>

#include "engine/parameters.h"

namespace matinee::engine {

// How the learning rate falls over the epochs of training.
struct LearningRate {
  enum class Schedule { kExponential, kLinear, kCosine, kInverse };

  int64_t epochs = 40;
  double learning_rate = 0.01;  // in the first epoch
  double learning_rate_decay = 1.0;
  Schedule schedule = Schedule::kExponential;

  // Of epoch 0 .. epochs-1.
  double rate_of_epoch(int64_t epoch) const;
  // The last two; the first two have ranges and sentences of their own.
  void describe_schedule(Parameters& parameters);
};

}  // namespace matinee::engine
