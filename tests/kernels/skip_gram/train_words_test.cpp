#include "kernels/skip_gram/train_words.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

using test::WordsProblem;
using Shape = test::WordsShape;

constexpr float kRate = 0.01f;

double farthest(const std::vector<float>& left, const std::vector<float>& right) {
  double most = left.size() == right.size() ? 0 : INFINITY;
  for (std::size_t n = 0; n < left.size() && most < INFINITY; ++n) {
    const double distance = std::abs(static_cast<double>(left[n]) - static_cast<double>(right[n]));
    most = distance <= most ? most : std::isnan(distance) ? INFINITY : distance;
  }
  return most;
}

class TrainWords : public testing::TestWithParam<Shape> {};

TEST_P(TrainWords, ThreeEpochsFollowTheReference) {
  const Shape& shape = GetParam();
  const uint64_t seed = test::random_seed();
  for (const bool deterministic : {true, false}) {
    const Settings settings = shape.settings(kRate, deterministic, seed);
    WordsProblem problem = shape.problem(seed);
    problem.draw_vectors(seed, 1 / std::sqrt(static_cast<double>(shape.dimensions)));
    WordsProblem expected = problem.copy();
    Context context({}, deterministic ? 2 : 1);
    const TrainingOperands operands(context, problem.corpus(), settings, problem.vectors());
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      const Trained reference =
          test::reference_epoch(expected, settings, epoch, deterministic ? operands.round_words() : 0);
      const Trained trained = train_words(context, operands, {epoch, 0, problem.corpus().size()});
      EXPECT_EQ(trained.pairs, reference.pairs);
      EXPECT_EQ(trained.words, reference.words);
      EXPECT_NEAR(trained.loss, reference.loss, 1e-4 * (1 + reference.loss));
      EXPECT_LE(farthest(problem.numbers(), expected.numbers()), 2e-3)
          << "epoch " << epoch << (deterministic ? "" : ", lock-free");
    }
  }
}

// Documents are empty or have one word now and then; vocabularies of one and two words; windows that reach beyond
// documents; negatives in one and in several blocks of draws.
INSTANTIATE_TEST_SUITE_P(Shapes, TrainWords,
                         testing::Values(Shape{1, 20, 6, 16, 2, 5}, Shape{2, 20, 6, 1, 5, 2},
                                         Shape{31, 40, 9, 31, 5, 5}, Shape{33, 60, 4, 33, 3, 7, 0.01},
                                         Shape{131, 30, 40, 131, 1, 1}, Shape{131, 5, 131, 16, 31, 0},
                                         Shape{500, 50, 20, 100, 5, 33, 0.002}));

TEST(TrainWordsResult, IsTheSameBytesForAnyNumberOfThreadsAndAnyCut) {
  const uint64_t seed = test::random_seed();
  const Shape shape{331, 12000, 20, 33, 5, 5, 1e-3};
  const auto result = [&](int threads, int64_t granules) {
    WordsProblem problem = shape.problem(seed);
    Context context({}, threads);
    Settings settings = shape.settings(kRate, true, seed);
    settings.epochs = 2;
    const auto epochs = test::train_all(context, problem, settings, granules);
    EXPECT_GT(problem.corpus().size(),
              TrainingOperands(context, problem.corpus(), settings, problem.vectors()).granule());
    return std::pair(problem.numbers(), epochs);
  };
  const auto alone = result(1, 1 << 20);
  for (const int threads : {2, 3}) EXPECT_TRUE(result(threads, 1 << 20) == alone) << threads << " threads";
  EXPECT_TRUE(result(2, 1) == alone) << "in granules";
}

TEST(TrainWordsResult, IsTheSameBytesOnEveryProcessor) {
  const uint64_t seed = test::random_seed();
  for (const Shape& shape :
       {Shape{33, 60, 9, 31, 5, 5}, Shape{131, 30, 40, 131, 3, 9}, Shape{131, 60, 20, 100, 31, 0}}) {
    for (const bool deterministic : {true, false}) {
      const auto result = [&](ProcessorLevel level) {
        const test::LimitedLevel limited(level);
        WordsProblem problem = shape.problem(seed);
        problem.draw_vectors(seed, 1 / std::sqrt(static_cast<double>(shape.dimensions)));
        Context context({}, 1);
        const auto epochs = test::train_all(context, problem, shape.settings(kRate, deterministic, seed));
        return std::pair(problem.numbers(), epochs);
      };
      const auto expected = result(ProcessorLevel::kBaseline);
      for (const ProcessorLevel level : test::processor_levels()) {
        EXPECT_TRUE(result(level) == expected) << "level " << static_cast<int>(level) << ", " << shape;
      }
    }
  }
}

// Words of ten groups that never meet: after training, the nearest of a word are of its group, in every mode.
TEST(TrainWordsResult, FindsGroupsOfWords) {
  const uint64_t seed = test::random_seed();
  for (const bool deterministic : {true, false}) {
    WordsProblem problem = test::groups_of_words(10, 8, 3000, seed);
    Context context({}, 3);
    const Settings settings{
        .subsample = 0, .learning_rate = 0.05f, .epochs = 5, .seed = seed, .deterministic = deterministic};
    const auto epochs = test::train_all(context, problem, settings);
    EXPECT_LT(epochs.back().loss / static_cast<double>(epochs.back().pairs),
              0.8 * epochs.front().loss / static_cast<double>(epochs.front().pairs));
    EXPECT_GE(test::in_their_groups(problem, 8), 0.95) << (deterministic ? "deterministic" : "lock-free");
  }
}

// The steps of an epoch of one window are the negative gradient of its loss: finite differences of the double reference
// and of train_words() itself.
TEST(TrainWordsGradient, IsThatOfTheLoss) {
  const uint64_t seed = test::random_seed();
  WordsProblem problem(40, 0, 1, 7, seed);
  problem.words = {5, 17};
  problem.offsets = {0, 2};
  problem.counts.assign(40, 1);
  problem.draw_vectors(seed, 0.5);
  test::expect_step_of_loss(problem, {.window = 1, .negatives = 4, .subsample = 0, .epochs = 1'000'000, .seed = seed});
}

TEST(TrainWordsDivergence, ShowsInTheLoss) {
  for (const bool deterministic : {true, false}) {
    WordsProblem problem(31, 30, 20, 16, test::random_seed());
    problem.draw_vectors(1, 30);
    Context context({}, 2);
    Settings settings;
    settings.deterministic = deterministic;
    EXPECT_TRUE(std::isnan(test::train_all(context, problem, settings).front().loss));
    problem.input[5] = NAN;
    EXPECT_TRUE(std::isnan(test::train_all(context, problem, settings).front().loss));
  }
}

TEST(TrainWordsChecks, RefuseWhatDoesNotFit) {
  WordsProblem problem(31, 30, 20, 16, 1), other(30, 30, 20, 16, 1);
  Context context({}, 1);
  const auto operands = [&](Settings settings, WordsProblem& vectors) {
    return TrainingOperands(context, problem.corpus(), settings, vectors.vectors());
  };
  EXPECT_THROW(operands({.window = 0}, problem), Error);
  EXPECT_THROW(operands({.window = kMostWindow + 1}, problem), Error);
  EXPECT_THROW(operands({.negatives = -1}, problem), Error);
  EXPECT_THROW(operands({.subsample = -1e-3}, problem), Error);
  EXPECT_THROW(operands({.learning_rate = 0}, problem), Error);
  EXPECT_THROW(operands({.epochs = 0}, problem), Error);
  EXPECT_THROW(operands({}, other), Error);
  const TrainingOperands fit = operands({}, problem);
  const int64_t size = problem.corpus().size();
  EXPECT_THROW(train_words(context, fit, {5, 0, size}), Error);
  EXPECT_THROW(train_words(context, fit, {0, 1, size}), Error);
  EXPECT_THROW(train_words(context, fit, {0, 0, size - 1}), Error);
  problem.words[0] = 31;
  EXPECT_THROW(operands({}, problem), Error);
}

TEST(TrainWordsEmpty, CorpusCostsNothing) {
  for (const bool deterministic : {true, false}) {
    WordsProblem problem(3, 0, 1, 16, 1);
    Context context({}, 2);
    Settings settings;
    settings.deterministic = deterministic;
    const auto before = problem.numbers();
    EXPECT_EQ(train_words(context, problem.corpus(), settings, {0, 0, 0}, problem.vectors()), Trained{});
    EXPECT_EQ(problem.numbers(), before);
  }
}

}  // namespace
}  // namespace matinee::skip_gram
