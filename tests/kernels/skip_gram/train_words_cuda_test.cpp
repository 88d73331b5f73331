#include <cmath>

#include <gtest/gtest.h>

#include "kernels/skip_gram/train_words.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

using test::WordsProblem;
using Shape = test::WordsShape;

class TrainWordsCuda : public testing::TestWithParam<Shape> {};

struct Result {
  std::vector<float> numbers;
  std::vector<Trained> epochs;
};

Result trained(Device device, const Shape& shape, bool deterministic, uint64_t seed) {
  WordsProblem problem = shape.problem(seed);
  Context context(device, 2);
  const Settings settings = shape.settings(0.05f, deterministic, seed);
  auto epochs = test::train_all(context, problem, settings);
  return {problem.numbers(), std::move(epochs)};
}

TEST_P(TrainWordsCuda, ThreeEpochsHaveTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const Result cpu = trained(Device{}, GetParam(), true, seed);
  const Result cuda = trained(test::cuda_device(), GetParam(), true, seed);
  EXPECT_EQ(cuda.epochs, cpu.epochs);
  EXPECT_TRUE(cuda.numbers == cpu.numbers);
}

// What windows, pairs and words are does not depend on the mode; how much is learnt does a little.
TEST_P(TrainWordsCuda, LockFreeEpochsTakeTheSamePairsAndLearn) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const Result cpu = trained(Device{}, GetParam(), true, seed);
  const Result cuda = trained(test::cuda_device(), GetParam(), false, seed);
  ASSERT_EQ(cuda.epochs.size(), cpu.epochs.size());
  for (std::size_t epoch = 0; epoch < cpu.epochs.size(); ++epoch) {
    EXPECT_EQ(cuda.epochs[epoch].pairs, cpu.epochs[epoch].pairs);
    EXPECT_EQ(cuda.epochs[epoch].words, cpu.epochs[epoch].words);
    // At the start all products are zero.
    const double at_start = static_cast<double>(cpu.epochs[epoch].pairs) * std::log(2.0) * (1 + GetParam().negatives);
    EXPECT_LE(cuda.epochs[epoch].loss, 1.01 * at_start) << "epoch " << epoch;
  }
}

TEST(TrainWordsCudaLockFree, FindsGroupsOfWords) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  WordsProblem problem = test::groups_of_words(10, 8, 3000, seed);
  Context context(test::cuda_device(), 2);
  const Settings settings{.subsample = 0, .learning_rate = 0.05f, .epochs = 5, .seed = seed, .deterministic = false};
  test::train_all(context, problem, settings);
  EXPECT_GE(test::in_their_groups(problem, 8), 0.95);
}

TEST(TrainWordsCudaCut, GivesTheSameBytes) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const auto result = [&](int64_t granules) {
    WordsProblem problem(331, 12000, 20, 16, seed);
    Context context(test::cuda_device(), 2);
    auto epochs =
        test::train_all(context, problem, {.negatives = 2, .subsample = 1e-5, .epochs = 1, .seed = seed}, granules);
    return std::pair(problem.numbers(), std::move(epochs));
  };
  EXPECT_TRUE(result(1) == result(1 << 20));
}

TEST(TrainWordsCudaMemory, IsWhatWasPredicted) {
  MATINEE_NEEDS_CUDA();
  WordsProblem problem(5000, 100, 20, 100, 1);
  Context context(test::cuda_device(), 2);
  const Settings settings{.epochs = 1};
  test::train_all(context, problem, settings);
  const int64_t predicted = TrainingOperands::device_bytes(settings, 2000, 5000, 100);
  EXPECT_LE(context.peak_device_bytes(), predicted);
}

INSTANTIATE_TEST_SUITE_P(Shapes, TrainWordsCuda,
                         testing::Values(Shape{3, 0, 1, 16, 2, 5}, Shape{1, 20, 6, 16, 2, 5}, Shape{2, 20, 6, 1, 5, 2},
                                         Shape{31, 40, 9, 31, 5, 5}, Shape{33, 60, 4, 33, 3, 7, 0.01},
                                         Shape{131, 30, 40, 131, 1, 1}, Shape{131, 5, 131, 16, 31, 0},
                                         Shape{200, 20, 20, 100, 5, 40, 0.002}, Shape{131, 10, 20, 300, 5, 5}));

}  // namespace
}  // namespace matinee::skip_gram
