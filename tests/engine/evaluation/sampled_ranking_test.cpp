#include "engine/evaluation/sampled_ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

TEST(SampledRanking, TheHeldOutItemLosesTies) {
  const float scores[] = {1, 5, 3, 3, 2};
  const std::vector<int32_t> negatives = {0, 1, 3, 4};
  const SampledRank rank = rank_against(scores, 2, negatives, 0);
  EXPECT_EQ(rank.rank, 3);
  EXPECT_TRUE(rank.tied);
  EXPECT_EQ(rank_against(scores, 1, std::vector<int32_t>{0, 2}, 0).rank, 1);
  EXPECT_FALSE(rank_against(scores, 1, std::vector<int32_t>{0, 2}, 0).tied);
}

TEST(SampledRanking, RefusesNaNOfTheItemAndOfANegative) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float scores[] = {1, nan, 3};
  EXPECT_THROW(rank_against(scores, 1, std::vector<int32_t>{0}, 7), Error);
  try {
    rank_against(scores, 0, std::vector<int32_t>{2, 1}, 7);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
    EXPECT_NE(std::string(error.what()).find("user 7 for item 1 "), std::string::npos) << error.what();
  }
}

TEST(SampledRanking, HitRateAndNdcgAreMeansOverHeldOutItems) {
  SampledTotals totals(2);
  const std::vector<int64_t> lengths = {1, 3};
  totals.add_user(std::vector<SampledRank>{{1, false}, {3, true}}, lengths);
  totals.add_user(std::vector<SampledRank>{{4, false}}, lengths);
  SampledTotals other(2);
  other.add_user(std::vector<SampledRank>{{2, false}}, lengths);
  totals.add(other);
  std::map<std::string, double> metrics;
  totals.report(lengths, {}, metrics);
  EXPECT_EQ(totals.users, 3);
  EXPECT_DOUBLE_EQ(metrics.at("hit_rate@1"), 1.0 / 4);
  EXPECT_DOUBLE_EQ(metrics.at("hit_rate@3"), 3.0 / 4);
  EXPECT_DOUBLE_EQ(metrics.at("ndcg@3"), (1 + 1 / 2.0 + 1 / std::log2(3.0)) / 4);
  EXPECT_DOUBLE_EQ(metrics.at("tied_share"), 1.0 / 4);
}

TEST(DrawNegatives, AreDifferentUnratedItemsInRisingOrder) {
  const std::vector<int32_t> trained = {0, 3, 4, 9, 30}, tested = {1, 5};
  for (const int64_t count : {0, 1, 7, 23, 24, 1000}) {
    const auto drawn = draw_negatives(trained, tested, 31, count, Philox(test::random_seed(), 5));
    EXPECT_EQ(static_cast<int64_t>(drawn.size()), std::min<int64_t>(count, 24));
    EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
    EXPECT_EQ(std::adjacent_find(drawn.begin(), drawn.end()), drawn.end());
    for (const int32_t item : drawn) {
      EXPECT_TRUE(item >= 0 && item < 31);
      EXPECT_EQ(std::count(trained.begin(), trained.end(), item) + std::count(tested.begin(), tested.end(), item), 0);
    }
  }
}

TEST(DrawNegatives, AreUniform) {
  const std::vector<int32_t> trained = {2, 3, 7}, tested = {11};
  constexpr int kDraws = 20'000;
  std::vector<int> counts(12);
  for (int repeat = 0; repeat < kDraws; ++repeat) {
    const Philox draws(test::random_seed(), static_cast<uint64_t>(repeat));
    for (const int32_t item : draw_negatives(trained, tested, 12, 3, draws)) ++counts[static_cast<std::size_t>(item)];
  }
  for (const int32_t item : {0, 1, 4, 5, 6, 8, 9, 10}) {
    const double expected = kDraws * 3.0 / 8, deviation = std::sqrt(expected * 5 / 8);
    EXPECT_NEAR(counts[static_cast<std::size_t>(item)], expected, 6 * deviation) << "item " << item;
  }
}

}  // namespace
}  // namespace matinee::engine
