#include "engine/evaluation/ranking_metrics.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace matinee::engine {
namespace {

using ranking::RankedItem;

TEST(RankingMetrics, AHitAtRanksTwoAndFourOfFive) {
  const std::vector<RankedItem> list = {{9, 5}, {2, 4}, {8, 3}, {3, 2}, {1, 1}};
  const std::vector<int32_t> relevant = {2, 3, 40};
  const UserRanking user = rank_list(list, relevant);
  EXPECT_EQ(user.hits, 2);
  EXPECT_EQ(user.listed, 5);
  EXPECT_EQ(user.relevant, 3);
  const double gain = 1 / std::log2(3.0) + 1 / std::log2(5.0), ideal = 1 + 1 / std::log2(3.0) + 1 / 2.0;
  EXPECT_NEAR(user.ndcg, gain / ideal, 1e-15);
}

TEST(RankingMetrics, TheIdealListIsNoLongerThanN) {
  const std::vector<RankedItem> list = {{2, 2}, {3, 1}};
  const std::vector<int32_t> relevant = {2, 3, 40, 41};
  EXPECT_DOUBLE_EQ(rank_list(list, relevant).ndcg, 1.0);
}

TEST(RankingMetrics, EmptyPlacesAreNotListed) {
  const std::vector<RankedItem> list = {{2, 2}, {}, {}};
  const std::vector<int32_t> relevant = {2};
  const UserRanking user = rank_list(list, relevant);
  EXPECT_EQ(user.listed, 1);
  EXPECT_EQ(user.hits, 1);
}

TEST(RankingMetrics, MicroAveragesAreOverItemsAndMacroAveragesOverUsers) {
  RankingTotals totals;
  totals.add(UserRanking{.hits = 2, .listed = 4, .relevant = 2, .ndcg = 0.5});
  totals.add(UserRanking{.hits = 0, .listed = 4, .relevant = 8, .ndcg = 0.0});
  totals.add(UserRanking{.hits = 1, .listed = 2, .relevant = 1, .ndcg = 1.0});
  std::map<std::string, double> metrics;
  totals.report(4, {}, metrics);
  EXPECT_DOUBLE_EQ(metrics.at("precision@4"), 3.0 / 10);
  EXPECT_DOUBLE_EQ(metrics.at("precision_macro@4"), (0.5 + 0 + 0.5) / 3);
  EXPECT_DOUBLE_EQ(metrics.at("recall@4"), 3.0 / 11);
  EXPECT_DOUBLE_EQ(metrics.at("recall_macro@4"), (1.0 + 0 + 1.0) / 3);
  EXPECT_DOUBLE_EQ(metrics.at("hit_rate@4"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.at("ndcg@4"), 0.5);
  EXPECT_EQ(metrics.size(), 6u);
}

}  // namespace
}  // namespace matinee::engine
