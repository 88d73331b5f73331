#include <cmath>

#include <gtest/gtest.h>

#include "kernels/skip_gram/train_words.h"
#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

using test::WordsProblem;

Settings softmax_settings(uint64_t seed) {
  return {.window = 1, .subsample = 0, .learning_rate = 0.01f, .epochs = 1, .seed = seed, .output = Output::kSoftmax};
}

// A pair of words in a document of two: by hand, in double, the first word's window and then the second's.
TEST(Softmax, FollowsTheReference) {
  for (const int64_t dimensions : {1, 31, 33}) {
    const uint64_t seed = test::random_seed();
    WordsProblem problem(37, 0, 1, dimensions, seed);
    problem.words = {5, 17};
    problem.offsets = {0, 2};
    problem.counts.assign(37, 1);
    problem.draw_vectors(seed, 0.5);
    const auto width = static_cast<std::size_t>(problem.stride);
    const std::vector<float> start = problem.numbers();
    std::vector<double> numbers(start.begin(), start.end());
    double loss = 0, rate = static_cast<double>(softmax_settings(seed).learning_rate);
    for (const auto& [input, target] : {std::pair<std::size_t, std::size_t>{17, 5}, {5, 17}}) {
      double* row = numbers.data() + input * width;
      std::vector<double> x(37), step(width);
      double sum = 0;
      for (std::size_t word = 0; word < 37; ++word) {
        for (std::size_t k = 0; k < width; ++k) x[word] += row[k] * numbers[(37 + word) * width + k];
        sum += std::exp(x[word]);
      }
      loss += std::log(sum) - x[target];
      for (std::size_t word = 0; word < 37; ++word) {
        const double pull = rate * ((word == target ? 1 : 0) - std::exp(x[word]) / sum);
        for (std::size_t k = 0; k < width; ++k) {
          step[k] += pull * numbers[(37 + word) * width + k];
          numbers[(37 + word) * width + k] += pull * row[k];
        }
      }
      for (std::size_t k = 0; k < width; ++k) row[k] += step[k];
      rate /= 2;  // half of the epoch is over
    }
    Context context({}, 2);
    const Trained trained =
        train_words(context, problem.corpus(), softmax_settings(seed), {0, 0, 2}, problem.vectors());
    EXPECT_NEAR(trained.loss, loss, 1e-5);
    EXPECT_EQ(trained.pairs, 2);
    const std::vector<float> found = problem.numbers();
    for (std::size_t n = 0; n < found.size(); ++n) ASSERT_NEAR(found[n], numbers[n], 1e-6) << n;
  }
}

TEST(Softmax, FindsGroupsOfWords) {
  WordsProblem problem = test::groups_of_words(10, 8, 2000, test::random_seed());
  Context context({}, 3);
  const auto epochs = test::train_all(
      context, problem, {.subsample = 0, .learning_rate = 0.05f, .epochs = 5, .output = Output::kSoftmax});
  EXPECT_GE(test::in_their_groups(problem, 8), 0.95);
  EXPECT_NEAR(epochs.back().loss / static_cast<double>(epochs.back().pairs), std::log(8.0), 0.1);  // one of its group
}

TEST(Softmax, OfDivergedVectorsIsNoNumber) {
  WordsProblem problem(31, 30, 20, 16, test::random_seed());
  problem.input[problem.words[0] * problem.stride] = NAN;
  Context context({}, 1);
  Settings settings = softmax_settings(1);
  settings.window = 5;
  EXPECT_TRUE(std::isnan(test::train_all(context, problem, settings).front().loss));
}

TEST(Softmax, IsRefusedOnCuda) {
  MATINEE_NEEDS_CUDA();
  WordsProblem problem(31, 30, 20, 16, 1);
  Context context(test::cuda_device(), 1);
  EXPECT_THROW(TrainingOperands(context, problem.corpus(), softmax_settings(1), problem.vectors()), Error);
}

}  // namespace
}  // namespace matinee::skip_gram
