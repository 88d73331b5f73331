#include "kernels/skip_gram/draws.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

// The probability of each index that a table stands for.
std::vector<double> probabilities(const std::vector<NoiseColumn>& table) {
  std::vector<double> result(table.size());
  for (std::size_t column = 0; column < table.size(); ++column) {
    const double own = (static_cast<double>(table[column].threshold) + 1) / 0x1p32;
    result[column] += own / static_cast<double>(table.size());
    result[static_cast<std::size_t>(table[column].alias)] += (1 - own) / static_cast<double>(table.size());
  }
  return result;
}

TEST(AliasTable, HasTheProbabilitiesOfTheWeights) {
  const Philox draws(test::random_seed(), 0);
  for (const std::size_t size : {1, 2, 31, 1000}) {
    std::vector<double> weights;
    double total = 0;
    for (std::size_t n = 0; n < size; ++n) {
      weights.push_back(n % 5 == 3 ? 0 : std::pow(draws.uniform(n), 6));
      total += weights.back();
    }
    const auto found = probabilities(alias_table(weights));
    for (std::size_t n = 0; n < size; ++n) EXPECT_NEAR(found[n], weights[n] / total, 1e-9) << n << " of " << size;
  }
}

TEST(AliasTable, OfNothingDrawsAllAlike) {
  for (const double probability : probabilities(alias_table({0, 0, 0, 0}))) EXPECT_DOUBLE_EQ(probability, 0.25);
  EXPECT_TRUE(alias_table({}).empty());
}

TEST(KeepProbability, IsThatOfWord2vec) {
  EXPECT_DOUBLE_EQ(keep_probability(0.1, 1e-3), std::sqrt(0.01) + 0.01);
  EXPECT_DOUBLE_EQ(keep_probability(1e-4, 1e-3), 1);
  EXPECT_DOUBLE_EQ(keep_probability(0.5, 0), 1);
  EXPECT_DOUBLE_EQ(keep_probability(0, 1e-3), 1);
}

// 400,000 draws from tables of a corpus: each word's share of the negatives is that of count^0.75, within 5 deviations.
TEST(Negatives, FollowTheCountsToThePowerOfThreeQuarters) {
  constexpr int kDraws = 400'000, kWords = 37;
  const uint64_t seed = test::random_seed();
  test::WordsProblem problem(kWords, 50, 40, 16, seed);
  problem.counts[5] = 0;
  const Draws tables(problem.corpus(), {.negatives = 5, .seed = seed});
  const DrawsView view = tables.view();
  std::vector<int> found(kWords);
  const Philox generator = view.generator(3);
  for (int64_t place = 0; place < kDraws / 4; ++place) {
    for (int word = 0; word < 4; ++word) {
      ++found[static_cast<std::size_t>(view.drawn_negative(view.draws(generator, place, 1)[word]))];
    }
  }
  double total = 0;
  for (const int64_t count : problem.counts) total += std::pow(static_cast<double>(count), 0.75);
  for (std::size_t word = 0; word < kWords; ++word) {
    const double p = std::pow(static_cast<double>(problem.counts[word]), 0.75) / total;
    EXPECT_NEAR(found[word], kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)) + 1e-9) << "word " << word;
  }
}

TEST(DrawnWindow, IsUniformFromOne) {
  constexpr int kDraws = 100'000;
  const Philox generator(test::random_seed(), 1);
  for (const int window : {1, 5, kMostWindow}) {
    const DrawsView view{.window = window};
    std::vector<int> found(static_cast<std::size_t>(window));
    for (uint64_t n = 0; n < kDraws; ++n)
      ++found.at(static_cast<std::size_t>(view.drawn_window(generator.block(n)[0]) - 1));
    const double p = 1.0 / window;
    for (const int count : found) EXPECT_NEAR(count, kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)) + 1e-9);
    EXPECT_EQ(view.drawn_window(0), 1);
    EXPECT_EQ(view.drawn_window(std::numeric_limits<uint32_t>::max()), window);
  }
}

double most_pairs(const std::vector<int64_t>& offsets, const std::vector<int32_t>& words, int window, int negatives) {
  test::WordsProblem problem(2, 0, 1, 16, 1);
  problem.offsets = offsets;
  problem.words = words;
  for (const int32_t word : words) ++problem.counts[static_cast<std::size_t>(word)];
  const Draws tables(problem.corpus(), {.window = window, .negatives = negatives, .subsample = 0});
  return tables.most_pairs_per_word();
}

// By hand, two words of equal count, nothing left out. In texts of two words each has one neighbour: as one of a window
// it is in ½ × 3 pairs per word of the corpus, as one told apart in ½ + 2 × ½. In a text of four, whose windows have a
// second word on half of the sides, word 1 stands in the middle: 3 neighbours twice, and word 0 has 1.5.
TEST(MostPairsPerWord, CountsBothSides) {
  EXPECT_DOUBLE_EQ(most_pairs({0, 2, 4}, {0, 1, 1, 0}, 1, 2), 1.5);
  EXPECT_DOUBLE_EQ(most_pairs({0, 2, 4}, {0, 1, 1, 0}, 5, 2), 1.5);
  EXPECT_DOUBLE_EQ(most_pairs({0, 4}, {0, 1, 1, 0}, 2, 2), (2.5 + 2.5) / 4 * 3);
}

}  // namespace
}  // namespace matinee::skip_gram
