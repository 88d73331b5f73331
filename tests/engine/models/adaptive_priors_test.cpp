#include "engine/models/adaptive_priors.h"

#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::engine {
namespace {

constexpr int64_t kFactors = 5;
constexpr PriorVariances kNow = {.noise = 0.7, .user = 0.3, .item = 0.2, .bias = 0.4};

// A model of random normal numbers around 0, the users' with the larger deviation.
struct Planted {
  Planted(int32_t users, int32_t items, uint64_t seed)
      : user_factors(numbers(users * kFactors, 0.8f, seed, 1)),
        item_factors(numbers(items * kFactors, 0.4f, seed, 2)),
        user_biases(numbers(users, 0.5f, seed, 3)),
        item_biases(numbers(items, 0.5f, seed, 4)),
        view{.user_factors = {user_factors.data(), users, kFactors, kFactors},
             .item_factors = {item_factors.data(), items, kFactors, kFactors},
             .user_biases = user_biases.data(),
             .item_biases = item_biases.data()} {}

  static std::vector<float> numbers(int64_t count, float deviation, uint64_t seed, uint64_t stream) {
    const Philox draws(seed, stream);
    std::vector<float> result;
    for (int64_t n = 0; n < count; ++n)
      result.push_back(deviation * static_cast<float>(normal(draws, static_cast<uint64_t>(n))));
    return result;
  }

  std::vector<float> user_factors, item_factors, user_biases, item_biases;
  factorization::FactorsView<const float> view;
};

double mean_square(const std::vector<float>& numbers) {
  double sum = 0;
  for (const float number : numbers) sum += static_cast<double>(number) * static_cast<double>(number);
  return sum / static_cast<double>(numbers.size());
}

// σ² and λ of one number of a row with n ratings, by its definition.
double certainty(double n, double signal, double penalty) {
  return n * signal / (n * signal + penalty);
}

TEST(AdaptivePriors, GoHalfWayToTheEvidenceOfEachVariance) {
  const test::TrainingData data(test::random_ratings(31, 33, 0.6, test::random_seed()));
  const Planted model(31, 33, test::random_seed());
  const double squares = 123.5, ratings = static_cast<double>(data.by_user.view().size());
  const auto result =
      AdaptivePriors(data.by_user.view(), data.by_item.view()).estimate(kNow, squares, kFactors, true, model.view);

  double item_signal = 0;  // of a user: the mean square of what its ratings meet, taken over all ratings
  for (int32_t item = 0; item < 33; ++item) {
    for (int64_t k = 0; k < kFactors; ++k) {
      item_signal += static_cast<double>(data.by_item.view().row_size(item)) *
                     std::pow(static_cast<double>(model.view.item_factors(item, k)), 2) / (ratings * kFactors);
    }
  }
  double users = 0, user_squares = 0, biases = 0, bias_squares = 0;
  for (int32_t user = 0; user < 31; ++user) {
    const double n = static_cast<double>(data.by_user.view().row_size(user));
    if (n == 0) continue;
    users += kFactors * certainty(n, item_signal, kNow.noise / kNow.user);
    biases += certainty(n, 1, kNow.noise / kNow.bias);
    bias_squares += std::pow(static_cast<double>(model.user_biases[static_cast<std::size_t>(user)]), 2);
    for (int64_t k = 0; k < kFactors; ++k) {
      user_squares += std::pow(static_cast<double>(model.view.user_factors(user, k)), 2);
    }
  }
  for (int32_t item = 0; item < 33; ++item) {
    const double n = static_cast<double>(data.by_item.view().row_size(item));
    if (n == 0) continue;
    biases += certainty(n, 1, kNow.noise / kNow.bias);
    bias_squares += std::pow(static_cast<double>(model.item_biases[static_cast<std::size_t>(item)]), 2);
  }
  EXPECT_NEAR(result.user, std::sqrt(kNow.user * user_squares / users), 1e-9);
  EXPECT_NEAR(result.bias, std::sqrt(kNow.bias * bias_squares / biases), 1e-9);
  EXPECT_GT(result.noise, std::sqrt(kNow.noise * squares / ratings)) << "some ratings are spent on the model";
}

TEST(AdaptivePriors, OfWellDeterminedNumbersSettleAtTheirMeanSquares) {
  const test::TrainingData data(test::random_ratings(131, 197, 1.0, test::random_seed()));
  const Planted model(131, 197, test::random_seed());
  const AdaptivePriors priors(data.by_user.view(), data.by_item.view());
  PriorVariances variances = {.noise = 1e-6, .user = 10, .item = 10, .bias = 10};
  for (int epoch = 0; epoch < 40; ++epoch) {
    variances = priors.estimate(variances, 131 * 197 * 1e-4, kFactors, true, model.view);
  }
  EXPECT_NEAR(variances.user, mean_square(model.user_factors), 0.01 * variances.user);
  EXPECT_NEAR(variances.item, mean_square(model.item_factors), 0.01 * variances.item);
  EXPECT_NEAR(variances.noise, 1e-4 / (1 - (131 + 197) * 6.0 / (131 * 197)), 0.01 * variances.noise);
}

TEST(AdaptivePriors, LeaveNoPenaltyThatAStepCannotFollow) {
  const auto result = AdaptivePriors::steady({.noise = 0.5, .user = 1e-9, .item = 0.3, .bias = 1e-3}, 0.01);
  EXPECT_DOUBLE_EQ(0.01 * result.noise / result.user, 0.5);
  EXPECT_DOUBLE_EQ(result.item, 0.3);
  EXPECT_DOUBLE_EQ(0.01 * result.noise / result.bias, 0.5);
}

TEST(AdaptivePriors, WithoutRatingsAndWithAModelOfZerosTheyStay) {
  test::TrainingData data(test::random_ratings(31, 33, 0.4, test::random_seed()));
  Planted zeros(31, 33, 1);
  for (auto* numbers : {&zeros.user_factors, &zeros.item_factors, &zeros.user_biases, &zeros.item_biases}) {
    std::fill(numbers->begin(), numbers->end(), 0.0f);
  }
  const auto unchanged = [&](const test::TrainingData& ratings) {
    const auto result =
        AdaptivePriors(ratings.by_user.view(), ratings.by_item.view()).estimate(kNow, 0, kFactors, true, zeros.view);
    EXPECT_EQ(result.noise, kNow.noise);
    EXPECT_EQ(result.user, kNow.user);
    EXPECT_EQ(result.item, kNow.item);
    EXPECT_EQ(result.bias, kNow.bias);
  };
  unchanged(data);
  unchanged(test::TrainingData(test::random_ratings(31, 33, 0.0, 1)));
}

}  // namespace
}  // namespace matinee::engine
