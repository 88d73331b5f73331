#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/support/host_device.h"

namespace matinee::skip_gram {

// Steps of a round and losses are added up as integers of 2^-24, the distance of floats between ½ and 1: a sum of
// integers is the same in any order. A step of one window is below 2^6 in size; where it is not, the loss tells.
inline constexpr float kStepsPerOne = 16777216.0f, kOneStep = 1.0f / kStepsPerOne;
inline constexpr float kMostSteps = 1073741824.0f;  // 2^30
inline constexpr float kMostLoss = 127.0f;          // of one pair, whose vectors have diverged beyond it

// To the nearest, halves away from zero; NaN becomes kMostSteps.
MATINEE_HOST_DEVICE inline int32_t to_steps(float value) {
  const float steps = value * kStepsPerOne;
  const float below = steps < kMostSteps ? steps : kMostSteps;
  const float bounded = below > -kMostSteps ? below : -kMostSteps;
  return static_cast<int32_t>(bounded + copysignf(0.5f, bounded));
}

// row + Σ of steps
MATINEE_HOST_DEVICE inline float stepped(float value, int32_t steps) {
  return value + static_cast<float>(steps) * kOneStep;
}

// What pairs cost.
struct LossSum {
  int64_t steps = 0;
  bool diverged = false;

  MATINEE_HOST_DEVICE void add(float loss) {
    const bool fits = loss < kMostLoss;
    diverged = diverged || !fits;
    steps += static_cast<int32_t>((fits ? loss : kMostLoss) * kStepsPerOne + 0.5f);
  }
  void add(const LossSum& other) {
    steps += other.steps;
    diverged = diverged || other.diverged;
  }
  double value() const;
};

}  // namespace matinee::skip_gram
