#include <cmath>

#include <gtest/gtest.h>

#include "kernels/neural_cf/training_step.h"
#include "tests/support/cuda_device.h"
#include "tests/support/neural_cf_steps.h"
#include "tests/support/random_seed.h"

namespace matinee::neural_cf {
namespace {

using test::NaiveExample;
using test::NaiveNetwork;
using test::SteppedNetwork;

void expect_near(const std::vector<float>& found, const std::vector<float>& expected, const char* what) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    ASSERT_TRUE(std::abs(found[n] - expected[n]) <= 1e-4f * (1 + std::abs(expected[n])))
        << what << ' ' << n << ": " << found[n] << " and not " << expected[n];
  }
}

// ReLUs at their kinks would tell the devices apart: examples are drawn again where one is near.
std::vector<NaiveExample> smooth_examples(const NaiveNetwork& network, int64_t count, uint64_t seed) {
  for (;; ++seed) {
    auto examples = test::random_examples(network.shape, count, seed);
    if (network.least_distance_from_kinks(examples) > 1e-5) return examples;
  }
}

TEST(TrainingStepCuda, IsThatOfTheCpuWithinRounding) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  StepOptions options;
  options.adam = {.learning_rate = 0.001f, .epsilon = 0.01f};
  for (const auto& [optimizer, penalty] : {std::pair(Optimizer::kAdam, 0.0f),
                                           {Optimizer::kAdam, 0.05f},
                                           {Optimizer::kDenseAdam, 0.05f},
                                           {Optimizer::kSgd, 0.0f},
                                           {Optimizer::kSgd, 0.05f}}) {
    options.optimizer = optimizer;
    options.penalty = penalty;
    for (const NetworkShape& shape : test::network_shapes()) {
      const NaiveNetwork network = test::random_network(shape, seed);
      // Small steps: what is away from the kinks stays there.
      std::vector<std::vector<NaiveExample>> batches;
      for (const int64_t count : {131, 1, 33}) batches.push_back(smooth_examples(network, count, seed));
      const SteppedNetwork expected = test::steps_on(cpu, network, batches, options, 140);
      const SteppedNetwork found = test::steps_on(cuda, network, batches, options, 140);
      expect_near(found.users, expected.users, "user's number");
      expect_near(found.items, expected.items, "item's number");
      expect_near(found.dense, expected.dense, "dense number");
      EXPECT_NEAR(found.loss, expected.loss, 1e-3);
    }
  }
}

TEST(TrainingStepCuda, AddsTheLossOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  for (const NetworkShape& shape : test::network_shapes()) {
    const NaiveNetwork network = test::random_network(shape, seed);
    const std::vector<std::vector<NaiveExample>> batches = {test::random_examples(shape, 131, seed),
                                                            test::random_examples(shape, 1, seed)};
    const SteppedNetwork expected = test::losses_on(cpu, network, batches, 131);
    const SteppedNetwork found = test::losses_on(cuda, network, batches, 140);
    EXPECT_TRUE(std::abs(found.loss - expected.loss) <= 1e-5 * expected.loss);
    EXPECT_EQ(found.users, expected.users);
    EXPECT_EQ(found.items, expected.items);
    EXPECT_EQ(found.dense, expected.dense);
  }
}

TEST(TrainingStepCuda, GivesTheSameBytesTwice) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const NetworkShape shape = {.users = 31, .items = 13, .factors = 9, .last = 4, .layers = 2};
  const NaiveNetwork network = test::random_network(shape, seed);
  const std::vector<std::vector<NaiveExample>> batches = {test::random_examples(shape, 257, seed)};
  Context one(test::cuda_device(), 1), other(test::cuda_device(), 2);
  for (const Optimizer optimizer : {Optimizer::kAdam, Optimizer::kDenseAdam, Optimizer::kSgd}) {
    StepOptions options;
    options.optimizer = optimizer;
    EXPECT_TRUE(test::steps_on(one, network, batches, options, 300) ==
                test::steps_on(other, network, batches, options, 257));
  }
}

}  // namespace
}  // namespace matinee::neural_cf
