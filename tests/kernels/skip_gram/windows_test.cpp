#include "kernels/skip_gram/windows.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "kernels/skip_gram/collect_windows.h"
#include "tests/support/random_seed.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

using test::WordsProblem;

// The windows of all targets, each as the words around its place.
using Found = std::map<int64_t, std::vector<int32_t>>;

void add_windows(const Windows& windows, Found& found) {
  for (int64_t t = windows.first; t < windows.last; ++t) {
    const auto at = static_cast<std::size_t>(t);
    const int64_t place = windows.begin + windows.places[at];
    EXPECT_GE(place, windows.begin);
    EXPECT_LT(place, windows.end);
    const auto begin = windows.words.begin() + t - windows.left[at],
               end = windows.words.begin() + t + windows.right[at];
    EXPECT_TRUE(found.emplace(place, std::vector<int32_t>(begin, end + 1)).second) << "place " << place << " twice";
  }
}

struct Shape {
  int64_t documents, most_words;
  int window;
  double subsample;
};

class WindowsOfARange : public testing::TestWithParam<Shape> {};

TEST_P(WindowsOfARange, DoNotDependOnWhereItEnds) {
  const Shape shape = GetParam();
  const uint64_t seed = test::random_seed();
  WordsProblem problem(50, shape.documents, shape.most_words, 16, seed);
  const Draws tables(problem.corpus(), {.window = shape.window, .subsample = shape.subsample, .seed = seed});
  const int64_t size = problem.corpus().size();
  Windows windows;
  windows.collect(problem.corpus(), tables.view(), 2, 0, size);
  Found whole, parts;
  add_windows(windows, whole);
  EXPECT_EQ(windows.first, 0);
  EXPECT_EQ(windows.last, static_cast<int64_t>(windows.words.size()));
  for (int64_t begin = 0, step = 1; begin < size; begin += step, step = step % 17 + 1) {
    windows.collect(problem.corpus(), tables.view(), 2, begin, std::min(begin + step, size));
    add_windows(windows, parts);
  }
  EXPECT_EQ(parts, whole);
}

INSTANTIATE_TEST_SUITE_P(Shapes, WindowsOfARange,
                         testing::Values(Shape{0, 1, 5, 0}, Shape{20, 1, 5, 0}, Shape{50, 4, 3, 0.01},
                                         Shape{3, 131, 64, 0.01}, Shape{1, 131, 5, 1e-4}, Shape{40, 33, 1, 0}));

// All words are kept: a target has 1 .. window words on each side, fewer only where its document ends.
TEST(Windows, StayInTheirDocument) {
  const uint64_t seed = test::random_seed();
  WordsProblem problem(50, 60, 12, 16, seed);
  const Draws tables(problem.corpus(), {.window = 4, .subsample = 0, .seed = seed});
  Windows windows;
  windows.collect(problem.corpus(), tables.view(), 0, 0, problem.corpus().size());
  ASSERT_EQ(windows.words, problem.words);
  for (std::size_t document = 0; document + 1 < problem.offsets.size(); ++document) {
    for (int64_t t = problem.offsets[document]; t < problem.offsets[document + 1]; ++t) {
      const auto at = static_cast<std::size_t>(t);
      const int64_t before = t - problem.offsets[document], after = problem.offsets[document + 1] - 1 - t;
      EXPECT_LE(windows.left[at], std::min<int64_t>(4, before));
      EXPECT_LE(windows.right[at], std::min<int64_t>(4, after));
      if (before >= 4 && after >= 4) {
        EXPECT_EQ(windows.left[at], windows.right[at]);
      }
      EXPECT_EQ(windows.left[at] == 0, before == 0);
    }
  }
}

TEST(Windows, KeepTheExpectedShareOfAWord) {
  const uint64_t seed = test::random_seed();
  WordsProblem problem(2, 0, 1, 16, seed);
  problem.words.assign(200'000, 0);
  problem.words.back() = 1;
  problem.offsets = {0, 200'000};
  problem.counts = {199'999, 1};
  const Draws tables(problem.corpus(), {.subsample = 0.04, .seed = seed});
  Windows windows;
  windows.collect(problem.corpus(), tables.view(), 0, 0, 200'000);
  const double p = 0.24;
  EXPECT_NEAR(static_cast<double>(windows.last), 200'000 * p, 5 * std::sqrt(200'000 * p * (1 - p)) + 2);
}

TEST(CollectWindows, ByManyThreadsAreThoseOfOne) {
  const uint64_t seed = test::random_seed();
  WordsProblem problem(50, 4000, 30, 16, seed);
  Context context({}, 3);
  const TrainingOperands operands(context, problem.corpus(), {.seed = seed}, problem.vectors());
  const int64_t begin = 3 * operands.round_words(), end = problem.corpus().size() - 5;
  Windows alone;
  alone.collect(problem.corpus(), operands.draws().view(), 1, begin, end);
  const Windows together = collect_windows(context, operands, 1, begin, end);
  EXPECT_EQ(together.words, alone.words);
  EXPECT_EQ(together.places, alone.places);
  EXPECT_EQ(together.left, alone.left);
  EXPECT_EQ(together.right, alone.right);
  EXPECT_EQ(together.first, alone.first);
  EXPECT_EQ(together.last, alone.last);
  const auto starts = round_starts(operands, together);
  ASSERT_EQ(static_cast<int64_t>(starts.size()),
            (end - begin + operands.round_words() - 1) / operands.round_words() + 1);
  for (std::size_t round = 0; round + 1 < starts.size(); ++round) {
    for (int64_t t = starts[round]; t < starts[round + 1]; ++t) {
      EXPECT_EQ(together.places[static_cast<std::size_t>(t)] / operands.round_words(), static_cast<int64_t>(round));
    }
  }
}

}  // namespace
}  // namespace matinee::skip_gram
