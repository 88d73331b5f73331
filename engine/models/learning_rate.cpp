#include "engine/models/learning_rate.h"

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace matinee::engine {

void LearningRate::describe_schedule(Parameters& p) {
  constexpr std::array<std::string_view, 4> kSchedules = {"exponential", "linear", "cosine", "inverse"};
  p.choice(
      "learning_rate_schedule", schedule, kSchedules,
      "How the learning rate falls. exponential: times learning_rate_decay after each epoch. linear: to 0 after the "
      "last epoch in equal steps. cosine: to 0 after the last epoch along half a wave, slowly at first and at the "
      "end. inverse: learning_rate / (1 + (1 / learning_rate_decay - 1) n) after n epochs.");
  p.real(
      "learning_rate_decay", learning_rate_decay, {.minimum = 0, .maximum = 1, .above_minimum = true}, "",
      "With the schedules exponential and inverse: factor on the learning rate from the first epoch to the second; 1 "
      "keeps it constant.");
}

double LearningRate::rate_of_epoch(int64_t epoch) const {
  const double done = static_cast<double>(epoch) / static_cast<double>(epochs);
  switch (schedule) {
    case Schedule::kLinear:
      return learning_rate * (1 - done);
    case Schedule::kCosine:
      return learning_rate * (0.5 + 0.5 * std::cos(std::numbers::pi * done));
    case Schedule::kInverse:
      return learning_rate / (1 + (1 / learning_rate_decay - 1) * static_cast<double>(epoch));
    case Schedule::kExponential:
      break;
  }
  double rate = learning_rate;
  for (int64_t before = 0; before < epoch; ++before) rate *= learning_rate_decay;
  return rate;
}

}  // namespace matinee::engine
