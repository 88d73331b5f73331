#pragma once

#include <algorithm>
#include <cstdint>

namespace matinee::engine {

// What a loss is multiplied with so that fp16 holds its gradient, and the gradient divided by: as large a power of two
// as goes (Micikevicius et al., "Mixed precision training", ICLR 2018).
class LossScale {
 public:
  float value() const { return static_cast<float>(int64_t{1} << exponent_); }

  // After a step whose gradient was infinite or NaN, and so was not taken, or one that was taken.
  void step(bool overflowed) {
    steps_ = overflowed ? 0 : steps_ + 1;
    if (overflowed) exponent_ = std::max<int64_t>(exponent_ - 1, 0);
    if (steps_ < kStepsBetweenRises) return;
    exponent_ = std::min(exponent_ + 1, kMostExponent);
    steps_ = 0;
  }

  // For checkpoints.
  int64_t exponent() const { return exponent_; }
  int64_t steps() const { return steps_; }
  LossScale() = default;
  LossScale(int64_t exponent, int64_t steps)
      : exponent_(std::clamp<int64_t>(exponent, 0, kMostExponent)), steps_(steps) {}

  static constexpr int64_t kStepsBetweenRises = 1000, kMostExponent = 24;

 private:
  int64_t exponent_ = 16, steps_ = 0;
};

}  // namespace matinee::engine
