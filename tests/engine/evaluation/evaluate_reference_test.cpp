#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/evaluation/evaluate.h"
#include "tests/engine/evaluation/random_evaluation.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

TEST(Evaluate, EveryRankingMetricIsThatOfTheNaiveReference) {
  for (const auto& [users, items] : {std::pair{31, 33}, {131, 17}, {7, 131}, {40, 8}}) {
    for (const double positive_from : {0.0, 4.0}) {
      SCOPED_TRACE(testing::Message() << users << " users, " << items << " items, from " << positive_from);
      const Fold fold = random_fold(users, items, 0.4, test::random_seed());
      const TableModel model = random_table(users, items, test::random_seed());
      EvaluationOptions options = every_metric();
      if (positive_from > 0) options.positive_from = positive_from;
      const auto evaluations = evaluated(model, fold, options);
      ASSERT_EQ(evaluations.size(), 2u);
      for (const std::size_t length : {1, 5, 10}) {
        const test::NaiveRanking expected = test::naive_ranking(model, fold, length, positive_from);
        const auto expect = [&](const char* name, double value) {
          EXPECT_NEAR(evaluations[0].metrics.at(fmt::format("{}@{}", name, length)), value, 1e-12) << name << length;
        };
        expect("precision", expected.precision);
        expect("precision_macro", expected.precision_macro);
        expect("recall", expected.recall);
        expect("recall_macro", expected.recall_macro);
        expect("hit_rate", expected.hit_rate);
        expect("ndcg", expected.ndcg);
        expect("coverage", expected.coverage);
        expect("novelty", expected.novelty);
        if (length > 1) expect("ils", expected.ils);
        EXPECT_EQ(stated(evaluations[0], "users"), ProtocolValue(expected.users));
        EXPECT_EQ(stated(evaluations[0], "users_left_out"), ProtocolValue(users - expected.users));
      }
      EXPECT_FALSE(evaluations[0].metrics.contains("ils@1"));
    }
  }
}

TEST(Evaluate, RatingErrorsAreOverAllHeldOutRatingsClippedAndNot) {
  const Fold fold = random_fold(31, 33, 0.5, test::random_seed());
  const TableModel model = random_table(31, 33, test::random_seed());
  EvaluationOptions options = every_metric();
  options.positive_from = 4.0;
  const auto evaluations = evaluated(model, fold, options);
  ASSERT_EQ(stated(evaluations[1], "candidates"), ProtocolValue("ratings"));
  double squared = 0, absolute = 0, squared_unclipped = 0, absolute_unclipped = 0;
  for (std::size_t n = 0; n < fold.test.users.size(); ++n) {
    const double rated = fold.test.levels[n] * 0.5, predicted = model.at(fold.test.users[n], fold.test.items[n]);
    const double clipped = std::min(5.0, std::max(0.5, predicted));
    squared += (clipped - rated) * (clipped - rated);
    absolute += std::abs(clipped - rated);
    squared_unclipped += (predicted - rated) * (predicted - rated);
    absolute_unclipped += std::abs(predicted - rated);
  }
  const auto count = static_cast<double>(fold.test.users.size());
  EXPECT_NEAR(evaluations[1].metrics.at("rmse"), std::sqrt(squared / count), 1e-12);
  EXPECT_NEAR(evaluations[1].metrics.at("mae"), absolute / count, 1e-12);
  EXPECT_NEAR(evaluations[1].metrics.at("rmse_unclipped"), std::sqrt(squared_unclipped / count), 1e-12);
  EXPECT_NEAR(evaluations[1].metrics.at("mae_unclipped"), absolute_unclipped / count, 1e-12);
  EXPECT_EQ(stated(evaluations[1], "clip_minimum"), ProtocolValue(0.5));
  EXPECT_EQ(stated(evaluations[1], "clip_maximum"), ProtocolValue(5.0));
  EXPECT_EQ(stated(evaluations[1], "ratings"), ProtocolValue(fold.test.size()));
}

TEST(Evaluate, ModelsThatPredictNoRatingsGetNoRatingErrors) {
  const Fold fold = random_fold(31, 33, 0.5, test::random_seed());
  const auto evaluations = evaluated(random_table(31, 33, test::random_seed(), false), fold, every_metric());
  ASSERT_EQ(evaluations.size(), 1u);
  EXPECT_EQ(stated(evaluations[0], "candidates"), ProtocolValue("all"));
}

TEST(Evaluate, SampledRankingIsThatOfTheNaiveReferenceAndStandsBesideAll) {
  Fold fold = random_fold(61, 47, 0.4, test::random_seed());
  fold.sampled = some_lists(fold);
  const TableModel model = random_table(61, 47, test::random_seed(), false);
  EvaluationOptions options = every_metric();
  options.positive_from = 3.0;
  double held_out = 0, hits = 0, gain = 0, tied = 0;
  for (std::size_t row = 0; row < fold.sampled->users.size(); ++row) {
    const int32_t user = fold.sampled->users[row];
    for (const int32_t item : test::naive_relevant(fold.test, user, 3.0)) {
      int64_t before = 0;
      bool tie = false;
      for (int64_t n = fold.sampled->offsets[row]; n < fold.sampled->offsets[row + 1]; ++n) {
        const float other = model.at(user, fold.sampled->items[static_cast<std::size_t>(n)]);
        before += other >= model.at(user, item) ? 1 : 0;
        tie = tie || other == model.at(user, item);
      }
      ++held_out;
      tied += tie ? 1 : 0;
      hits += before < 5 ? 1 : 0;
      gain += before < 5 ? 1 / std::log2(static_cast<double>(before) + 2) : 0;
    }
  }
  const auto evaluations = evaluated(model, fold, options);
  ASSERT_EQ(evaluations.size(), 2u);
  EXPECT_EQ(stated(evaluations[0], "candidates"), ProtocolValue("all"));
  const Evaluation& sampled = evaluations[1];
  EXPECT_EQ(stated(sampled, "candidates"), ProtocolValue("sampled"));
  EXPECT_EQ(stated(sampled, "source"), ProtocolValue("negatives.txt"));
  EXPECT_EQ(stated(sampled, "sha256"), ProtocolValue(std::string(64, 'a')));
  EXPECT_EQ(stated(sampled, "dropped"), ProtocolValue(int64_t{3}));
  EXPECT_EQ(stated(sampled, "held_out_items"), ProtocolValue(static_cast<int64_t>(held_out)));
  EXPECT_NEAR(sampled.metrics.at("hit_rate@5"), hits / held_out, 1e-12);
  EXPECT_NEAR(sampled.metrics.at("ndcg@5"), gain / held_out, 1e-12);
  EXPECT_NEAR(sampled.metrics.at("tied_share"), tied / held_out, 1e-12);
}

}  // namespace
}  // namespace matinee::engine
