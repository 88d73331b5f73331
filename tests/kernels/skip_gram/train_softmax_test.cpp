#include <cmath>

#include <gtest/gtest.h>

#include "kernels/skip_gram/softmax_sums.h"
#include "kernels/skip_gram/train_words.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

using test::WordsProblem;
using Shape = test::WordsShape;

Settings softmax_settings(const Shape& shape, uint64_t seed) {
  Settings settings = shape.settings(0.01f, true, seed);
  settings.output = Output::kSoftmax;
  return settings;
}

// Of a size at which no word has all the probability.
WordsProblem drawn_problem(const Shape& shape, uint64_t seed) {
  WordsProblem problem = shape.problem(seed);
  problem.draw_vectors(seed, 1 / std::sqrt(static_cast<double>(shape.dimensions)));
  return problem;
}

class Softmax : public testing::TestWithParam<Shape> {};

TEST_P(Softmax, ThreeEpochsFollowTheReference) {
  const uint64_t seed = test::random_seed();
  const Settings settings = softmax_settings(GetParam(), seed);
  WordsProblem problem = drawn_problem(GetParam(), seed);
  WordsProblem expected = problem.copy();
  Context context({}, 2);
  const auto epochs = test::train_all(context, problem, settings);
  for (int64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    const Trained reference = test::reference_epoch(expected, settings, epoch, 0);
    const Trained& trained = epochs[static_cast<std::size_t>(epoch)];
    EXPECT_EQ(trained.pairs, reference.pairs);
    EXPECT_EQ(trained.words, reference.words);
    EXPECT_NEAR(trained.loss, reference.loss, 1e-5 * (1 + reference.loss));
  }
  const std::vector<float> found = problem.numbers(), right = expected.numbers();
  for (std::size_t n = 0; n < found.size(); ++n) ASSERT_NEAR(found[n], right[n], 1e-4) << n;
}

TEST_P(Softmax, ThreeEpochsHaveTheSameBytesOnCuda) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const auto result = [&](Device device) {
    WordsProblem problem = drawn_problem(GetParam(), seed);
    Context context(device, 2);
    auto epochs = test::train_all(context, problem, softmax_settings(GetParam(), seed));
    return std::pair(problem.numbers(), std::move(epochs));
  };
  const auto cpu = result(Device{}), cuda = result(test::cuda_device());
  EXPECT_EQ(cuda.second, cpu.second);
  EXPECT_TRUE(cuda.first == cpu.first);
}

// No document; vocabularies of one and two words; one chunk of words, two, and as many as there are; rows that fit in
// shared memory and, of 2500 dimensions, that do not.
INSTANTIATE_TEST_SUITE_P(Shapes, Softmax,
                         testing::Values(Shape{3, 0, 1, 16, 2, 5}, Shape{1, 20, 6, 16, 2, 5}, Shape{2, 20, 6, 1, 5, 2},
                                         Shape{31, 40, 9, 31, 5, 5}, Shape{33, 60, 4, 33, 3, 7, 0.01},
                                         Shape{131, 6, 10, 131, 1, 1}, Shape{33, 3, 5, 2500, 1, 5},
                                         Shape{5001, 2, 2, 19, 1, 5}));

TEST(SoftmaxChunks, AreManyOnlyOfLargeVocabularies) {
  for (const int64_t words : {1, 32, 33, 4096, 4097, 131072, 131073, 3'000'000}) {
    const int64_t size = softmax_chunk_words(words);
    EXPECT_TRUE(size >= kLeastChunkWords && size <= kMostChunkWords) << words;
    EXPECT_TRUE(pieces(words, size) <= kChunks || size == kMostChunkWords) << words;
  }
}

// More chunks than blocks.
TEST(SoftmaxOfALargeVocabulary, HasTheSameBytesOnCuda) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const auto result = [&](Device device) {
    WordsProblem problem(131'073, 0, 1, 1, seed);
    problem.words = {5, 131'072};
    problem.offsets = {0, 2};
    for (const int32_t word : problem.words) problem.counts[static_cast<std::size_t>(word)] = 1;
    problem.draw_vectors(seed, 1);
    Context context(device, 2);
    auto epochs = test::train_all(context, problem,
                                  {.window = 1, .subsample = 0, .epochs = 1, .seed = seed, .output = Output::kSoftmax});
    return std::pair(problem.numbers(), std::move(epochs));
  };
  const auto cpu = result(Device{}), cuda = result(test::cuda_device());
  EXPECT_EQ(cpu.second.front().pairs, 2);
  EXPECT_EQ(cuda.second, cpu.second);
  EXPECT_TRUE(cuda.first == cpu.first);
}

// The step of a pair is the negative gradient of its loss, by finite differences of train_words() itself.
TEST(SoftmaxGradient, IsThatOfTheLoss) {
  const uint64_t seed = test::random_seed();
  WordsProblem problem(37, 0, 1, 7, seed);
  problem.words = {5, 17};
  problem.offsets = {0, 2};
  problem.counts.assign(37, 1);
  problem.draw_vectors(seed, 0.5);
  test::expect_step_of_loss(
      problem, {.window = 1, .subsample = 0, .epochs = 1'000'000, .seed = seed, .output = Output::kSoftmax});
}

TEST(SoftmaxResult, IsTheSameBytesForAnyCutAndNumberOfThreads) {
  const uint64_t seed = test::random_seed();
  const Shape shape{40, 120, 9, 20, 3, 5, 0.01};
  const auto result = [&](int threads, int64_t granules) {
    WordsProblem problem = shape.problem(seed);
    Context context({}, threads);
    EXPECT_GT(problem.corpus().size(), 64);
    test::train_all(context, problem, softmax_settings(shape, seed), granules);
    return problem.numbers();
  };
  EXPECT_TRUE(result(3, 1) == result(1, 1 << 20));
}

TEST(SoftmaxResult, FindsGroupsOfWords) {
  WordsProblem problem = test::groups_of_words(10, 8, 2000, test::random_seed());
  Context context({}, 3);
  const auto epochs = test::train_all(
      context, problem, {.subsample = 0, .learning_rate = 0.05f, .epochs = 5, .output = Output::kSoftmax});
  EXPECT_GE(test::in_their_groups(problem, 8), 0.95);
  EXPECT_NEAR(epochs.back().loss / static_cast<double>(epochs.back().pairs), std::log(8.0), 0.1);  // one of its group
}

void expect_no_number(Device device) {
  WordsProblem problem(131, 0, 1, 16, test::random_seed());
  problem.words = {5, 17, 5};
  problem.offsets = {0, 3};
  problem.counts[5] = 2;
  problem.counts[17] = 1;
  problem.output[77 * problem.stride] = NAN;  // neither a target nor first in its chunk
  Context context(device, 1);
  EXPECT_TRUE(std::isnan(
      test::train_all(context, problem, {.subsample = 0, .epochs = 1, .output = Output::kSoftmax}).front().loss));
}

TEST(SoftmaxResult, OfDivergedVectorsIsNoNumber) {
  expect_no_number(Device{});
}

TEST(SoftmaxResult, OfDivergedVectorsIsNoNumberOnCuda) {
  MATINEE_NEEDS_CUDA();
  expect_no_number(test::cuda_device());
}

TEST(SoftmaxMemory, OnCudaIsWhatWasPredicted) {
  MATINEE_NEEDS_CUDA();
  WordsProblem problem(5000, 0, 1, 100, 1);
  problem.words = {5, 17};
  problem.offsets = {0, 2};
  problem.counts[5] = problem.counts[17] = 1;
  Context context(test::cuda_device(), 2);
  const Settings settings{.subsample = 0, .epochs = 1, .output = Output::kSoftmax};
  test::train_all(context, problem, settings);
  EXPECT_LE(context.peak_device_bytes(), TrainingOperands::device_bytes(settings, problem.corpus().size(), 5000, 100));
}

}  // namespace
}  // namespace matinee::skip_gram
