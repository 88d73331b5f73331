#include "engine/models/learning_rate.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "engine/models/mf.h"
#include "engine/models/neural_cf.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using Schedule = LearningRate::Schedule;

std::vector<double> rates(Schedule schedule, double decay, int64_t epochs) {
  const LearningRate rate = {
      .epochs = epochs, .learning_rate = 0.08, .learning_rate_decay = decay, .schedule = schedule};
  std::vector<double> result;
  for (int64_t epoch = 0; epoch < epochs; ++epoch) result.push_back(rate.rate_of_epoch(epoch));
  return result;
}

TEST(LearningRate, FollowsItsSchedule) {
  const auto exponential = rates(Schedule::kExponential, 0.9, 5), linear = rates(Schedule::kLinear, 0.9, 5);
  const auto cosine = rates(Schedule::kCosine, 0.9, 5), inverse = rates(Schedule::kInverse, 0.5, 5);
  for (std::size_t n = 0; n < 5; ++n) {
    const auto epoch = static_cast<double>(n);
    EXPECT_NEAR(exponential[n], 0.08 * std::pow(0.9, epoch), 1e-15);
    EXPECT_NEAR(linear[n], 0.08 * (5 - epoch) / 5, 1e-15);
    EXPECT_NEAR(cosine[n], 0.04 * (1 + std::cos(std::numbers::pi * epoch / 5)), 1e-15);
    EXPECT_NEAR(inverse[n], 0.08 / (1 + epoch), 1e-15);
  }
  for (const Schedule schedule : {Schedule::kExponential, Schedule::kInverse}) {
    for (const double rate : rates(schedule, 1.0, 5)) EXPECT_EQ(rate, 0.08);
  }
}

template <typename M>
void expect_each_schedule_counts(const test::TrainingData& data) {
  std::vector<std::string> models;
  for (const char* schedule : {"exponential", "linear", "cosine", "inverse"}) {
    const auto model =
        test::chosen<M>({{"learning_rate_schedule", schedule}, {"learning_rate_decay", 0.9}, {"epochs", 4.0}});
    test::train(*model, data.input(7));
    models.push_back(test::saved_bytes(*model));
    for (std::size_t n = 0; n + 1 < models.size(); ++n) EXPECT_NE(models[n], models.back()) << schedule;
  }
}

TEST(LearningRate, OfTheScheduleIsWhatTrainingUses) {
  const test::TrainingData data(test::random_ratings(31, 33, 0.4, test::random_seed()));
  expect_each_schedule_counts<Mf>(data);
  expect_each_schedule_counts<Gmf>(data);
}

}  // namespace
}  // namespace matinee::engine
