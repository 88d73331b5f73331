// What ials promises beyond the contract of all models.
#include "engine/models/ials.h"

#include <cmath>

#include <gmock/gmock.h>

#include "engine/models/mf.h"
#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"
#include "tests/support/saved_factors.h"
#include "tests/support/set_parameters.h"

namespace matinee::engine {
namespace {

using test::ParameterValues;
using test::random_ratings;
using test::SavedFactors;
using test::TrainingData;

constexpr uint64_t kSeed = 7;

struct Losses : SilentMonitor {
  std::vector<double> values;
  double done = 0;

  void metric(int64_t epoch, std::string_view name, double value) override {
    EXPECT_EQ(name, "loss");
    values.push_back(value);
    EXPECT_EQ(static_cast<std::size_t>(epoch), values.size());
  }
  void progress(double now, double, std::string_view) override {
    EXPECT_GE(now, done);
    done = now;
  }
};

Ials with(const ParameterValues& parameters) {
  Ials model;
  test::set_parameters(model, parameters);
  return model;
}

// The penalty of a row, by its definition.
double penalty(double lambda, double nu, double alpha, int64_t ratings, int64_t others) {
  return lambda * std::pow(static_cast<double>(ratings) + alpha * static_cast<double>(others), nu);
}

TEST(Ials, LossFallsEveryEpochAndIsTheObjectiveOfTheSavedVectors) {
  const TrainingData data(random_ratings(41, 37, 0.3, test::random_seed()));
  Ials model = with({{"factors", 5.0},
                     {"epochs", 6.0},
                     {"unobserved_weight", 0.2},
                     {"regularization", 0.02},
                     {"regularization_exponent", 0.5}});
  Losses losses;
  ASSERT_TRUE(test::train(model, data.input(kSeed), 2, losses));
  ASSERT_EQ(losses.values.size(), 6u);
  EXPECT_EQ(losses.done, 6.0);
  for (std::size_t epoch = 1; epoch < 6; ++epoch)
    EXPECT_LT(losses.values[epoch], losses.values[epoch - 1] * (1 + 1e-6));
  const SavedFactors saved(model);
  double expected = 0;
  for (int32_t user = 0; user < 41; ++user) {
    for (int32_t item = 0; item < 37; ++item) expected += 0.2 * std::pow(saved.predict(user, item), 2);
    for (const int32_t item : data.by_user.view().row_indices(user))
      expected += std::pow(1 - saved.predict(user, item), 2);
    for (int64_t k = 0; k < 5; ++k) {
      expected += penalty(0.02, 0.5, 0.2, data.by_user.view().row_size(user), 37) * std::pow(saved.p(user, k), 2);
    }
  }
  for (int32_t item = 0; item < 37; ++item) {
    for (int64_t k = 0; k < 5; ++k) {
      expected += penalty(0.02, 0.5, 0.2, data.by_item.view().row_size(item), 41) * std::pow(saved.q(item, k), 2);
    }
  }
  EXPECT_NEAR(losses.values.back(), expected, 1e-6 * expected);
}

TEST(Ials, LevelsOfRatingsDoNotCount) {
  Ratings ratings = random_ratings(31, 33, 0.3, test::random_seed());
  const TrainingData data(ratings);
  for (uint8_t& level : ratings.levels) level = 4;
  const TrainingData flat(ratings);
  Ials first = with({{"epochs", 3.0}}), second = with({{"epochs", 3.0}});
  test::train(first, data.input(kSeed));
  test::train(second, flat.input(kSeed));
  const SavedFactors a(first), b(second);
  EXPECT_EQ(a.user_factors, b.user_factors);
  EXPECT_EQ(a.item_factors, b.item_factors);
}

TEST(Ials, WithoutRatingsVectorsAreZero) {
  Ratings ratings = random_ratings(31, 33, 0.4, test::random_seed());
  ratings.user_count += 1;
  ratings.item_count += 1;
  Ials model = with({{"factors", 3.0}, {"epochs", 2.0}});
  const TrainingData data(std::move(ratings));
  test::train(model, data.input(kSeed));
  const SavedFactors saved(model);
  for (int64_t k = 0; k < 3; ++k) {
    EXPECT_EQ(saved.p(31, k), 0.0);
    EXPECT_EQ(saved.q(33, k), 0.0);
  }
  EXPECT_EQ(saved.mean, 0.0f);
  EXPECT_THAT(saved.user_biases, testing::Each(0.0f));
}

TEST(Ials, ResumesToTheSameBytesFromEveryOfferOfACheckpoint) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  const ParameterValues parameters = {{"factors", 5.0}, {"epochs", 3.0}};
  Ials undisturbed = with(parameters);
  test::train(undisturbed, data.input(kSeed));
  int64_t offers = 0;
  for (;; ++offers) {
    test::StoppingMonitor first(offers + 1);
    Ials stopped = with(parameters), resumed = with(parameters);
    if (test::train(stopped, data.input(kSeed), 2, first)) break;
    test::StoppingMonitor second(0, &first);
    ASSERT_TRUE(test::train(resumed, data.input(kSeed), 3, second));
    EXPECT_TRUE(test::saved_bytes(resumed) == test::saved_bytes(undisturbed)) << "stopped at offer " << offers + 1;
  }
  EXPECT_EQ(offers, 5);  // after the users of each epoch, and between epochs
}

TEST(Ials, WarmStartIsNearerToTheOptimum) {
  const TrainingData data(random_ratings(61, 67, 0.2, test::random_seed()));
  Ials initial = with({{"factors", 7.0}, {"epochs", 20.0}});
  test::train(initial, data.input(kSeed));
  Ials cold = with({{"factors", 7.0}, {"epochs", 1.0}}), warm = with({{"factors", 7.0}, {"epochs", 1.0}});
  Losses cold_losses, warm_losses;
  ASSERT_TRUE(test::train(cold, data.input(kSeed), 2, cold_losses));
  TrainingInput input = data.input(kSeed);
  input.initial = &initial;
  ASSERT_TRUE(test::train(warm, input, 2, warm_losses));
  EXPECT_LT(warm_losses.values[0], cold_losses.values[0]);
}

TEST(Ials, DoesNotStartFromAModelOfRatingsNorTheOtherWayRound) {
  const TrainingData data(random_ratings(26, 30, 0.5, 1));
  Ials ials = with({{"factors", 5.0}, {"epochs", 1.0}});
  Mf mf;
  test::set_parameters(mf, {{"factors", 5.0}, {"epochs", 1.0}});
  test::train(ials, data.input(kSeed));
  test::train(mf, data.input(kSeed));
  EXPECT_EQ(ials.obstacle_to_start_from(ials), "");
  EXPECT_THAT(ials.obstacle_to_start_from(mf), testing::HasSubstr("\"mf\""));
  EXPECT_THAT(mf.obstacle_to_start_from(ials), testing::HasSubstr("\"ials\""));
  for (Model* const model : {static_cast<Model*>(&ials), static_cast<Model*>(&mf)}) {
    TrainingInput input = data.input(kSeed);
    input.initial = model == &ials ? static_cast<Model*>(&mf) : &ials;
    EXPECT_THROW(test::train(*model, input), Error);
  }
}

TEST(Ials, DivergenceNamesEpochValueAndRemedy) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  Ials model = with({{"regularization", 0.0}, {"initial_deviation", 1e-30}});  // whose squares are zero
  try {
    test::train(model, data.input(kSeed));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
    EXPECT_THAT(error.what(), testing::ContainsRegex("loss is -?nan in epoch 1; raise regularization"));
  }
}

TEST(Ials, ACheckpointOfAnotherShapeIsAnError) {
  const TrainingData data(random_ratings(31, 33, 0.4, 1)), other(random_ratings(31, 34, 0.4, 1));
  test::StoppingMonitor first(1);
  Ials stopped, resumed;
  ASSERT_FALSE(test::train(stopped, data.input(kSeed), 2, first));
  test::StoppingMonitor second(0, &first);
  EXPECT_THROW(test::train(resumed, other.input(kSeed), 2, second), Error);
}

// The same arithmetic in other orders: losses agree within rounding, and each device repeats itself.
TEST(IalsOnCuda, TrainsToTheLossesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  const ParameterValues parameters = {{"factors", 9.0}, {"epochs", 3.0}};
  Losses on_cpu, on_cuda;
  Ials cpu = with(parameters), cuda = with(parameters), again = with(parameters);
  Context cpu_context(Device{}, 2), cuda_context(test::cuda_device(), 2);
  cpu.train(cpu_context, data.input(kSeed), on_cpu);
  cuda.train(cuda_context, data.input(kSeed), on_cuda);
  SilentMonitor silent;
  again.train(cuda_context, data.input(kSeed), silent);
  ASSERT_EQ(on_cuda.values.size(), 3u);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    EXPECT_NEAR(on_cuda.values[epoch], on_cpu.values[epoch], 1e-4 * on_cpu.values[epoch]);
  }
  EXPECT_TRUE(test::saved_bytes(cuda) == test::saved_bytes(again));
}

}  // namespace
}  // namespace matinee::engine
