#include "kernels/neural_cf/training_step.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/neural_cf_steps.h"
#include "tests/support/random_seed.h"

namespace matinee::neural_cf {
namespace {

using test::NaiveExample;
using test::NaiveNetwork;
using test::SteppedNetwork;

constexpr double kPenalty = 0.03;

// Adam without the quotient's sharp turn at gradients of 0, where rounding would decide.
StepOptions smooth_options() {
  StepOptions options;
  options.adam = {.learning_rate = 0.05f, .epsilon = 0.01f};
  options.penalty = static_cast<float>(kPenalty);
  return options;
}

// Examples whose ReLUs are all away from their kinks, where derivatives differ from side to side.
std::vector<NaiveExample> smooth_examples(const NaiveNetwork& network, int64_t count, uint64_t seed) {
  for (;; ++seed) {
    auto examples = test::random_examples(network.shape, count, seed);
    if (network.least_distance_from_kinks(examples) > 1e-5) return examples;
  }
}

// Of the objective, by central differences.
std::vector<double> slopes(NaiveNetwork& network, std::vector<double>& numbers,
                           const std::vector<NaiveExample>& examples) {
  constexpr double kStep = 1e-6;
  std::vector<double> result;
  for (double& number : numbers) {
    const double kept = number;
    number = kept + kStep;
    const double above = network.objective(examples, kPenalty);
    number = kept - kStep;
    const double below = network.objective(examples, kPenalty);
    number = kept;
    result.push_back((above - below) / (2 * kStep));
  }
  return result;
}

void expect_near(const std::vector<float>& found, const std::vector<double>& expected, double tolerance,
                 const char* what) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    const double error = std::abs(static_cast<double>(found[n]) - expected[n]);
    ASSERT_TRUE(error <= tolerance * (1 + std::abs(expected[n])))
        << what << ' ' << n << ": " << found[n] << " and not " << expected[n];
  }
}

// The first step leaves (1 - β1) times the gradient as Adam's mean.
TEST(TrainingStep, DescendsAlongTheGradientOfTheObjective) {
  const uint64_t seed = test::random_seed();
  Context context({}, 2);
  for (const NetworkShape& shape : test::network_shapes()) {
    for (const int64_t count : {1, 31, 131}) {
      SCOPED_TRACE(testing::Message() << shape.factors << " factors, " << shape.layers << " layers, " << count);
      NaiveNetwork network = test::random_network(shape, seed);
      const auto examples = smooth_examples(network, count, seed);
      const StepOptions options = smooth_options();
      const SteppedNetwork found = test::steps_on(context, network, {examples}, options, 131);
      const double share = 1 - static_cast<double>(options.adam.beta1);
      const auto check = [&](const std::vector<float>& mean, std::vector<double>& numbers, const char* what) {
        std::vector<double> expected = slopes(network, numbers, examples);
        for (double& slope : expected) slope *= share;
        expect_near(mean, expected, 2e-6, what);
      };
      check(found.users_mean, network.users, "user's number");
      check(found.items_mean, network.items, "item's number");
      check(found.dense_mean, network.dense, "dense number");
      EXPECT_NEAR(found.loss, network.log_loss(examples) * static_cast<double>(count),
                  1e-5 * static_cast<double>(count));
    }
  }
}

StepOptions options_of(Optimizer optimizer) {
  StepOptions options = smooth_options();
  options.optimizer = optimizer;
  return options;
}

StepOptions sgd_options() {
  return options_of(Optimizer::kSgd);
}

// Adam as the paper has it, in double, on the rows that `touched` marks.
void naive_adam(const StepOptions& options, int step, const std::vector<double>& gradient,
                const std::vector<uint8_t>& touched, std::vector<double>& mean, std::vector<double>& square,
                std::vector<double>& numbers) {
  const auto b1 = static_cast<double>(options.adam.beta1), b2 = static_cast<double>(options.adam.beta2);
  const std::size_t width = numbers.size() / touched.size();
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    if (touched[n / width] == 0) continue;
    mean[n] = b1 * mean[n] + (1 - b1) * gradient[n];
    square[n] = b2 * square[n] + (1 - b2) * gradient[n] * gradient[n];
    const double m = mean[n] / (1 - std::pow(b1, step)), v = square[n] / (1 - std::pow(b2, step));
    numbers[n] -= static_cast<double>(options.adam.learning_rate) * m /
                  (std::sqrt(v) + static_cast<double>(options.adam.epsilon));
  }
}

// Three steps in double and by the operation, on batches of 5.
void expect_naive_steps(const StepOptions& options) {
  const uint64_t seed = test::random_seed();
  Context context({}, 2);
  for (const NetworkShape& shape : test::network_shapes()) {
    NaiveNetwork network = test::random_network(shape, seed);
    const NaiveNetwork start = network;
    std::vector<std::vector<NaiveExample>> batches;
    std::vector<double> means[3], squares[3];
    std::vector<double>* numbers[3] = {&network.users, &network.items, &network.dense};
    for (int part = 0; part < 3; ++part) means[part] = squares[part] = std::vector<double>(numbers[part]->size());
    for (int step = 1; step <= 3; ++step) {
      const auto examples = smooth_examples(network, 5, seed + 1000 * static_cast<uint64_t>(step));
      const uint8_t all = options.optimizer == Optimizer::kDenseAdam ? 1 : 0;
      std::vector<uint8_t> touched[3] = {std::vector<uint8_t>(static_cast<std::size_t>(shape.users), all),
                                         std::vector<uint8_t>(static_cast<std::size_t>(shape.items), all),
                                         {1}};
      for (const NaiveExample& example : examples) {
        touched[0][static_cast<std::size_t>(example.user)] = touched[1][static_cast<std::size_t>(example.item)] = 1;
      }
      std::vector<double> gradients[3];
      for (int part = 0; part < 3; ++part) gradients[part] = slopes(network, *numbers[part], examples);
      for (int part = 0; part < 3; ++part) {
        if (by_adam(options.optimizer)) {
          naive_adam(options, step, gradients[part], touched[part], means[part], squares[part], *numbers[part]);
          continue;
        }
        // Vectors step along the sum over the examples, dense parameters along their mean.
        const double rate = static_cast<double>(options.adam.learning_rate) * (part < 2 ? 5 : 1);
        for (std::size_t n = 0; n < numbers[part]->size(); ++n) (*numbers[part])[n] -= rate * gradients[part][n];
      }
      batches.push_back(examples);
    }
    const SteppedNetwork found = test::steps_on(context, start, batches, options, 5);
    expect_near(found.users, network.users, 2e-5, "user's number");
    expect_near(found.items, network.items, 2e-5, "item's number");
    expect_near(found.dense, network.dense, 2e-5, "dense number");
  }
}

TEST(TrainingStep, IsLazyAdamStepAfterStep) {
  expect_naive_steps(smooth_options());
}

TEST(TrainingStep, IsDenseAdamStepAfterStep) {
  expect_naive_steps(options_of(Optimizer::kDenseAdam));
}

TEST(TrainingStep, IsStochasticGradientDescentStepAfterStep) {
  expect_naive_steps(sgd_options());
}

// Where no two examples share a row and nothing else moves, a batch is its examples one by one.
TEST(TrainingStep, OfSgdMovesVectorsAlikeInBatchesOfAnySize) {
  Context context({}, 2);
  const NetworkShape shape = {.users = 4, .items = 4, .factors = 5};
  const NaiveNetwork network = test::random_network(shape, test::random_seed());
  StepOptions options = sgd_options();
  options.adam.learning_rate = 1e-4f;  // moves the dense parameters by 1e-4 at most, which then moves vectors by 1e-8
  const std::vector<NaiveExample> examples = {{0, 3, 1}, {1, 2, 0}, {2, 1, 1}, {3, 0, 0}};
  const SteppedNetwork together = test::steps_on(context, network, {examples}, options, 4);
  const SteppedNetwork apart =
      test::steps_on(context, network, {{examples[0]}, {examples[1]}, {examples[2]}, {examples[3]}}, options, 1);
  EXPECT_NE(std::vector<double>(together.users.begin(), together.users.end()), network.users);
  for (std::size_t n = 0; n < together.users.size(); ++n) {
    ASSERT_TRUE(std::abs(together.users[n] - apart.users[n]) <= 2e-7f) << n;
    ASSERT_TRUE(std::abs(together.items[n] - apart.items[n]) <= 2e-7f) << n;
  }
}

TEST(TrainingStep, AddsALossWithoutAStep) {
  const uint64_t seed = test::random_seed();
  Context context({}, 2);
  for (const NetworkShape& shape : test::network_shapes()) {
    for (const int64_t count : {1, 131, 1001}) {
      const NaiveNetwork network = test::random_network(shape, seed);
      const auto examples = test::random_examples(shape, count, seed);
      const SteppedNetwork found = test::losses_on(context, network, {examples, examples}, count);
      const double expected = 2 * network.log_loss(examples) * static_cast<double>(count);
      ASSERT_TRUE(std::abs(found.loss - expected) <= 1e-5 * expected) << found.loss << " and not " << expected;
      EXPECT_EQ(std::vector<double>(found.users.begin(), found.users.end()), network.users);
      EXPECT_EQ(std::vector<double>(found.items.begin(), found.items.end()), network.items);
      EXPECT_EQ(std::vector<double>(found.dense.begin(), found.dense.end()), network.dense);
    }
  }
}

TEST(TrainingStep, LeavesTheRowsOfOthersUntouched) {
  Context context({}, 2);
  const NetworkShape shape = {.users = 31, .items = 33, .factors = 3, .last = 2, .layers = 2};
  const NaiveNetwork network = test::random_network(shape, test::random_seed());
  const std::vector<std::vector<NaiveExample>> batches = {{{30, 2, 1}, {30, 32, 0}}, {{0, 2, 1}}};
  const SteppedNetwork found = test::steps_on(context, network, batches, smooth_options(), 2);
  const auto check = [&](const std::vector<float>& after, const std::vector<double>& before,
                         const std::vector<float>& square, const std::vector<int64_t>& touched) {
    for (std::size_t n = 0; n < after.size(); ++n) {
      const auto row = static_cast<int64_t>(n) / shape.row();
      if (std::ranges::find(touched, row) != touched.end()) continue;
      EXPECT_EQ(static_cast<double>(after[n]), before[n]) << row;
      EXPECT_EQ(square[n], 0.0f) << row;
    }
  };
  check(found.users, network.users, found.users_square, {0, 30});
  check(found.items, network.items, found.items_square, {2, 32});
  EXPECT_NE(static_cast<double>(found.users[30 * 7]), network.users[30 * 7]);
}

// Enough work that threads take part.
TEST(TrainingStep, HasTheSameBitsForAnyNumberOfThreads) {
  const uint64_t seed = test::random_seed();
  const NetworkShape shape = {.users = 301, .items = 133, .factors = 9, .last = 8, .layers = 3};
  const NaiveNetwork network = test::random_network(shape, seed);
  std::vector<std::vector<NaiveExample>> batches;
  for (uint64_t n = 0; n < 2; ++n) batches.push_back(test::random_examples(shape, 5001, seed + n));
  Context one({}, 1);
  for (const Optimizer optimizer : {Optimizer::kAdam, Optimizer::kSgd, Optimizer::kDenseAdam}) {
    const StepOptions options = options_of(optimizer);
    const SteppedNetwork expected = test::steps_on(one, network, batches, options, 6000);
    for (const int threads : {2, 5}) {
      Context context({}, threads);
      EXPECT_TRUE(test::steps_on(context, network, batches, options, 6000) == expected) << threads;
    }
  }
}

TEST(TrainingStep, DoesNotHideWhatIsNotANumber) {
  Context context({}, 1);
  const NetworkShape shape = {.users = 2, .items = 2, .last = 4, .layers = 2};
  NaiveNetwork network = test::random_network(shape, test::random_seed());
  network.users[0] = std::nan("");
  EXPECT_TRUE(std::isnan(test::steps_on(context, network, {{{0, 1, 1}}}, smooth_options(), 1).loss));
}

TEST(TrainingStep, RefusesEmptyBatches) {
  Context context({}, 1);
  EXPECT_THROW(make_training_step(context, {.users = 1, .items = 1, .factors = 1}, 0), Error);
}

}  // namespace
}  // namespace matinee::neural_cf
