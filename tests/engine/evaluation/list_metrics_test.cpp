#include "engine/evaluation/list_metrics.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::engine {
namespace {

using ranking::RankedItem;

// Three users: item 0 rated by all, item 1 by two, item 2 by one, item 3 by nobody.
SparseRatings small_training() {
  Ratings ratings;
  ratings.user_count = 4;
  ratings.item_count = 4;
  ratings.users = {0, 0, 0, 1, 1, 2};
  ratings.items = {0, 1, 2, 0, 1, 0};
  ratings.levels = {4, 2, 10, 6, 8, 10};
  return by_user(ratings);
}

TEST(Novelty, OfEachKindIsItsFormula) {
  const SparseRatings training = small_training();
  const TrainingPopularity popularity(training.view());
  EXPECT_EQ(popularity.users_rating, 3);
  EXPECT_EQ(popularity.items_rated, 3);
  const auto information = novelty_of_items(popularity, NoveltyKind::kSelfInformation);
  EXPECT_DOUBLE_EQ(information[0], 0);
  EXPECT_DOUBLE_EQ(information[1], -std::log2(2.0 / 3));
  EXPECT_DOUBLE_EQ(information[3], std::log2(3.0)) << "an unrated item counts as rated once";
  const auto choice = novelty_of_items(popularity, NoveltyKind::kChoice);
  EXPECT_DOUBLE_EQ(choice[0], 1);
  EXPECT_DOUBLE_EQ(choice[2], std::log2(6.0));
  const auto popular = novelty_of_items(popularity, NoveltyKind::kLogPopularity);
  EXPECT_DOUBLE_EQ(popular[0], std::log(4.0));
  EXPECT_DOUBLE_EQ(popular[3], 0);
}

TEST(InteractionSimilarity, OfEachKindIsItsFormula) {
  const SparseRatings training = small_training();
  const auto value = [&](IlsSimilarity kind, int32_t first, int32_t second) {
    return InteractionSimilarity(training, kind).value(first, second);
  };
  EXPECT_DOUBLE_EQ(value(IlsSimilarity::kBinaryCosine, 0, 1), 2 / std::sqrt(6.0));
  EXPECT_DOUBLE_EQ(value(IlsSimilarity::kJaccard, 1, 0), 2.0 / 3);
  EXPECT_DOUBLE_EQ(value(IlsSimilarity::kCosine, 0, 1), (4 * 2 + 6 * 8) / (std::sqrt(152.0) * std::sqrt(68.0)));
  EXPECT_DOUBLE_EQ(value(IlsSimilarity::kBinaryCosine, 0, 3), 0);
}

TEST(InteractionSimilarity, CachedValuesAreTheValues) {
  const SparseRatings training = by_user(test::random_ratings(31, 131, 0.2, test::random_seed()));
  for (const auto kind : {IlsSimilarity::kBinaryCosine, IlsSimilarity::kJaccard, IlsSimilarity::kCosine}) {
    const InteractionSimilarity similarity(training, kind);
    InteractionSimilarity::Cache cache(similarity);
    for (int repeat = 0; repeat < 2; ++repeat) {
      for (int32_t first = 0; first < 131; ++first) {
        for (int32_t second = 0; second < first; ++second) {
          ASSERT_EQ(cache.value(first, second), similarity.value(second, first));
        }
      }
    }
  }
}

TEST(ListMetrics, EachPrefixIsMeasuredAsAListOfItsOwn) {
  const SparseRatings training = small_training();
  const InteractionSimilarity similarity(training, IlsSimilarity::kJaccard);
  InteractionSimilarity::Cache cache(similarity);
  const std::vector<double> novelty = {1, 10, 100, 1000};
  const std::vector<RankedItem> list = {{1, 9}, {0, 8}, {2, 7}, {}, {}};
  const std::vector<int64_t> lengths = {1, 2, 5};
  std::vector<UserList> prefixes(3);
  describe_prefixes(list, lengths, novelty, &cache, prefixes);
  EXPECT_DOUBLE_EQ(prefixes[0].novelty, 10);
  EXPECT_FALSE(prefixes[0].mean_similarity.has_value());
  EXPECT_DOUBLE_EQ(prefixes[1].novelty, 11);
  EXPECT_DOUBLE_EQ(*prefixes[1].mean_similarity, 2.0 / 3);
  EXPECT_DOUBLE_EQ(prefixes[2].novelty, 111);
  EXPECT_DOUBLE_EQ(*prefixes[2].mean_similarity, (2.0 / 3 + 1.0 / 2 + 1.0 / 3) / 3);
}

TEST(ListMetrics, CoverageCountsItemsThatHaveTrainingRatings) {
  const SparseRatings training = small_training();
  const TrainingPopularity popularity(training.view());
  EvaluationOptions options;
  options.metrics = {Metric::kCoverage, Metric::kNovelty, Metric::kIls};
  ListTotals totals(4);
  totals.add(std::vector<RankedItem>{{0, 2}, {3, 1}}, {5.0, 0.25});
  totals.add(std::vector<RankedItem>{{0, 2}, {}}, {2.0, std::nullopt});
  std::map<std::string, double> metrics;
  totals.report(2, popularity, options, metrics);
  EXPECT_DOUBLE_EQ(metrics.at("coverage@2"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.at("novelty@2"), 7.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.at("ils@2"), 0.25);
  options.novelty = NoveltyKind::kLogPopularity;
  totals.report(2, popularity, options, metrics);
  EXPECT_DOUBLE_EQ(metrics.at("novelty_log_popularity@2"), 7.0 / 3);
}

TEST(ListMetrics, MeansOverFoldsAreOverThoseThatHaveTheMetric) {
  const std::map<std::string, double> folds[] = {{{"a", 1.0}, {"b", 4.0}}, {{"a", 3.0}}};
  const auto means = mean_over_folds(folds);
  EXPECT_DOUBLE_EQ(means.at("a"), 2);
  EXPECT_DOUBLE_EQ(means.at("b"), 4);
}

}  // namespace
}  // namespace matinee::engine
