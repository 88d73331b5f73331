#include "engine/evaluation/activity_bins.h"

#include <string_view>

#include <gmock/gmock.h>

#include "tests/engine/evaluation/random_evaluation.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;

SparseRatings users_with(const std::vector<int32_t>& counts) {
  Ratings ratings;
  ratings.user_count = static_cast<int32_t>(counts.size());
  ratings.item_count = 20;
  for (int32_t user = 0; user < ratings.user_count; ++user) {
    for (int32_t item = 0; item < counts[static_cast<std::size_t>(user)]; ++item) {
      ratings.users.push_back(user);
      ratings.items.push_back(item);
      ratings.levels.push_back(4);
    }
  }
  return by_user(ratings);
}

TEST(ActivityBins, AreOfLikeSizeFromTheLeastActiveToTheMost) {
  const SparseRatings train = users_with({8, 1, 3, 7, 5, 2, 4, 6});
  const std::vector<int32_t> users = {0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_THAT(activity_bins(train.view(), users, 4), ElementsAre(3, 0, 1, 3, 2, 0, 1, 2));
  EXPECT_THAT(activity_bins(train.view(), std::span(users).first(2), 2), ElementsAre(1, 0));
}

TEST(ActivityBins, HoldUsersWithAsManyRatingsTogether) {
  const SparseRatings train = users_with({2, 2, 2, 2, 2, 9});
  const std::vector<int32_t> users = {0, 1, 2, 3, 4, 5};
  EXPECT_THAT(activity_bins(train.view(), users, 3), ElementsAre(0, 0, 0, 0, 0, 2));
}

double number(const Evaluation& evaluation, std::string_view key) {
  return static_cast<double>(std::get<int64_t>(*stated(evaluation, key)));
}

// The bins partition the evaluated users: their sums are those of all.
TEST(ActivityBins, TogetherAreEverybody) {
  for (const int64_t bins : {2, 4, 7}) {
    const Fold fold = random_fold(131, 97, 0.3, test::random_seed());
    const TableModel model = random_table(131, 97, test::random_seed(), false);
    EvaluationOptions options = every_metric();
    const auto plain = evaluated(model, fold, options);
    options.activity_bins = bins;
    const auto evaluations = evaluated(model, fold, options);
    ASSERT_GT(evaluations.size(), 2);
    EXPECT_EQ(evaluations[0].metrics, plain[0].metrics);
    EXPECT_TRUE(of_all_users(evaluations[0]));
    double users = 0, ndcg = 0, hit_rate = 0, before = -1;
    for (std::size_t n = 1; n < evaluations.size(); ++n) {
      const Evaluation& bin = evaluations[n];
      EXPECT_FALSE(of_all_users(bin));
      EXPECT_EQ(stated(bin, "activity_reading"), ProtocolValue("quantile"));
      EXPECT_GT(number(bin, "ratings_from"), before);
      EXPECT_LE(number(bin, "ratings_from"), number(bin, "ratings_to"));
      before = number(bin, "ratings_to");
      users += number(bin, "users");
      ndcg += number(bin, "users") * bin.metrics.at("ndcg@5");
      hit_rate += number(bin, "users") * bin.metrics.at("hit_rate@5");
      EXPECT_TRUE(bin.metrics.contains("ils@5"));
    }
    EXPECT_EQ(users, number(evaluations[0], "users"));
    EXPECT_NEAR(ndcg / users, evaluations[0].metrics.at("ndcg@5"), 1e-12);
    EXPECT_NEAR(hit_rate / users, evaluations[0].metrics.at("hit_rate@5"), 1e-12);
  }
}

// Each bin is what an evaluation of its users alone gives.
TEST(ActivityBins, AreMeasuredAsIfAlone) {
  const Fold fold = random_fold(61, 47, 0.4, test::random_seed());
  const TableModel model = random_table(61, 47, test::random_seed(), false);
  EvaluationOptions options = every_metric();
  options.activity_bins = 3;
  const auto evaluations = evaluated(model, fold, options);
  for (std::size_t n = 1; n < evaluations.size(); ++n) {
    Fold part = fold;
    part.test.users.clear();
    part.test.items.clear();
    part.test.levels.clear();
    for (std::size_t rating = 0; rating < fold.test.users.size(); ++rating) {
      const auto count = static_cast<double>(fold.train.view().row_size(fold.test.users[rating]));
      if (count < number(evaluations[n], "ratings_from") || count > number(evaluations[n], "ratings_to")) continue;
      part.test.users.push_back(fold.test.users[rating]);
      part.test.items.push_back(fold.test.items[rating]);
      part.test.levels.push_back(fold.test.levels[rating]);
    }
    options.activity_bins = 0;
    EXPECT_EQ(evaluated(model, part, options)[0].metrics, evaluations[n].metrics);
  }
}

TEST(ActivityBins, OfFoldsAreAddedUpByNumber) {
  const std::vector<Fold> folds = {random_fold(31, 33, 0.6, test::random_seed()),
                                   random_fold(31, 33, 0.3, test::random_seed() + 1)};
  const TableModel model = random_table(31, 33, test::random_seed(), false);
  EvaluationOptions options = every_metric();
  options.activity_bins = 2;
  double users[3] = {}, hits[3] = {};
  for (const Evaluation& evaluation : evaluated(model, folds, options)) {
    if (of_all_users(evaluation)) continue;
    const bool pooled = *stated(evaluation, "fold") == ProtocolValue("pooled");
    const auto bin = static_cast<std::size_t>(number(evaluation, "activity_bin"));
    const double found = number(evaluation, "users") * evaluation.metrics.at("hit_rate@5");
    if (pooled) {
      EXPECT_EQ(number(evaluation, "users"), users[bin]);
      EXPECT_NEAR(found, hits[bin], 1e-9);
    }
    users[bin] += number(evaluation, "users");
    hits[bin] += found;
  }
  EXPECT_GT(users[1], 0);
}

}  // namespace
}  // namespace matinee::engine
