#include "engine/evaluation/evaluate.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/evaluation/metric_names.h"
#include "kernels/support/error.h"
#include "tests/engine/evaluation/random_evaluation.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

TEST(Evaluate, DrawnNegativesAreTheSameForTheSameSeedAndOthersForAnother) {
  const Fold fold = random_fold(61, 97, 0.3, test::random_seed());
  const TableModel model = random_table(61, 97, test::random_seed(), false);
  EvaluationOptions options = every_metric();
  options.sampled_negatives = 20;
  const EvaluatedFold only{&model, &fold};
  Context context({}, 2);
  const auto first = evaluate(context, std::span(&only, 1), options, 1, nullptr);
  expect_same(first, evaluate(context, std::span(&only, 1), options, 1, nullptr));
  const auto second = evaluate(context, std::span(&only, 1), options, 2, nullptr);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(stated(first[1], "source"), ProtocolValue("drawn"));
  EXPECT_EQ(stated(first[1], "negatives"), ProtocolValue(int64_t{20}));
  EXPECT_NE(first[1].metrics.at("ndcg@10"), second[1].metrics.at("ndcg@10"));
  EXPECT_EQ(first[0].metrics, second[0].metrics);
}

TEST(Evaluate, NumbersAreTheSameForAnyNumberOfThreads) {
  Fold fold = random_fold(131, 97, 0.3, test::random_seed());
  fold.sampled = some_lists(fold);
  const TableModel model = random_table(131, 97, test::random_seed());
  EvaluationOptions options = every_metric();
  options.sampled_negatives = 20;
  const auto one = evaluated(model, fold, options, 1);
  ASSERT_EQ(one.size(), 4u);
  expect_same(one, evaluated(model, fold, options, 3));
}

TEST(Evaluate, PoolsSumsOverFoldsAndAveragesWhatListsAreLike) {
  const std::vector<Fold> folds = {random_fold(31, 33, 0.6, test::random_seed()),
                                   random_fold(31, 33, 0.2, test::random_seed() + 1)};
  const TableModel model = random_table(31, 33, test::random_seed());
  const EvaluationOptions options = every_metric();
  const auto evaluations = evaluated(model, folds, options);
  ASSERT_EQ(evaluations.size(), 6u);
  for (std::size_t fold = 0; fold < 2; ++fold) {
    const auto single = evaluated(model, folds[fold], options);
    for (std::size_t kind = 0; kind < 2; ++kind) {
      EXPECT_EQ(single[kind].metrics, evaluations[2 * fold + kind].metrics);
      EXPECT_EQ(stated(evaluations[2 * fold + kind], "fold"), ProtocolValue(static_cast<int64_t>(fold) + 1));
      EXPECT_FALSE(stated(single[kind], "fold").has_value());
    }
  }
  const auto metric = [&](std::size_t n, const char* name) { return evaluations[n].metrics.at(name); };
  const auto count = [&](std::size_t n, const char* name) {
    return static_cast<double>(std::get<int64_t>(*stated(evaluations[n], name)));
  };
  EXPECT_EQ(stated(evaluations[4], "fold"), ProtocolValue("pooled"));
  EXPECT_TRUE(evaluations[0].deviations.empty());
  for (const std::size_t kind : {4, 5}) {
    for (const auto& [name, value] : evaluations[kind].metrics) {
      const double apart = metric(kind - 4, name.c_str()) - metric(kind - 2, name.c_str());
      EXPECT_NEAR(evaluations[kind].deviations.at(name), std::abs(apart) / std::sqrt(2.0), 1e-12) << name;
    }
  }
  const auto weighted = [&](std::size_t n, const char* name, const char* weight) {
    const double first = count(n, weight), second = count(n + 2, weight);
    return (first * metric(n, name) + second * metric(n + 2, name)) / (first + second);
  };
  EXPECT_NEAR(metric(4, "ndcg@10"), weighted(0, "ndcg@10", "users"), 1e-12);
  EXPECT_NEAR(metric(4, "recall@10"), weighted(0, "recall@10", "held_out_items"), 1e-12);
  EXPECT_NEAR(metric(4, "coverage@10"), (metric(0, "coverage@10") + metric(2, "coverage@10")) / 2, 1e-12);
  EXPECT_NEAR(metric(4, "ils@10"), (metric(0, "ils@10") + metric(2, "ils@10")) / 2, 1e-12);
  EXPECT_NEAR(metric(5, "mae"), weighted(1, "mae", "ratings"), 1e-12);
  const double first = count(1, "ratings"), second = count(3, "ratings");
  const double squares = first * std::pow(metric(1, "rmse"), 2) + second * std::pow(metric(3, "rmse"), 2);
  EXPECT_NEAR(metric(5, "rmse"), std::sqrt(squares / (first + second)), 1e-12);
}

TEST(Evaluate, OnlyWhatIsWantedIsMeasured) {
  const Fold fold = random_fold(31, 33, 0.5, test::random_seed());
  const TableModel model = random_table(31, 33, test::random_seed());
  EvaluationOptions options;
  options.metrics = {Metric::kMae};
  const auto ratings = evaluated(model, fold, options);
  ASSERT_EQ(ratings.size(), 1u);
  EXPECT_EQ(ratings[0].metrics.size(), 2u);
  options.metrics = {Metric::kCoverage};
  options.sampled_negatives = 5;
  const auto lists = evaluated(model, fold, options);
  ASSERT_EQ(lists.size(), 1u);
  EXPECT_EQ(lists[0].metrics.size(), 1u);
}

TEST(Evaluate, WritesTheNamesThatItIsSaidToWrite) {
  Fold fold = random_fold(31, 33, 0.5, test::random_seed());
  const TableModel model = random_table(31, 33, test::random_seed());
  const EvaluationOptions all = every_metric();
  const auto expect_names = [&](const EvaluationOptions& options) {
    const MetricNames names = metric_names(options);
    std::map<std::string, std::vector<std::string>> expected;
    for (const auto& [candidates, list] :
         {std::pair{"all", names.all}, {"sampled", names.sampled}, {"ratings", names.ratings}}) {
      if (!list.empty()) expected[candidates] = list;
    }
    for (const Evaluation& evaluation : evaluated(model, fold, options)) {
      std::vector<std::string> written;
      for (const auto& metric : evaluation.metrics) written.push_back(metric.first);
      const auto candidates = std::get<std::string>(*stated(evaluation, "candidates"));
      EXPECT_THAT(written, testing::UnorderedElementsAreArray(expected[candidates])) << candidates;
      expected.erase(candidates);
    }
    EXPECT_THAT(expected, testing::IsEmpty());
  };
  for (const NoveltyKind novelty : {NoveltyKind::kSelfInformation, NoveltyKind::kChoice, NoveltyKind::kLogPopularity}) {
    EvaluationOptions options = all;
    options.novelty = novelty;
    options.sampled_negatives = 5;
    expect_names(options);
    options.top_n = {2};
    for (const Metric metric : all.metrics) {
      options.metrics = {metric};
      expect_names(options);
    }
  }
}

TEST(Evaluate, RefusesNaNAndNamesUserAndItem) {
  const Fold fold = random_fold(31, 33, 1.0, test::random_seed());
  const int32_t user = fold.test.users.back(), item = fold.test.items.back();
  const std::string where = fmt::format("user {} ", user);
  for (const bool predicts : {false, true}) {
    TableModel model = random_table(31, 33, test::random_seed(), predicts);
    model.at(user, item) = std::numeric_limits<float>::quiet_NaN();
    EvaluationOptions options;
    if (predicts) options.metrics = {Metric::kRmse};
    try {
      evaluated(model, fold, options);
      FAIL() << "NaN was measured";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
      EXPECT_NE(std::string(error.what()).find(where), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(fmt::format("item {} ", item)), std::string::npos) << error.what();
    }
  }
}

std::string refusal(const Fold& fold, const EvaluationOptions& options) {
  try {
    evaluated(random_table(31, 33, 1), fold, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "";
}

TEST(Evaluate, SaysWhatToChangeWhereNothingCanBeEvaluated) {
  Fold fold = random_fold(31, 33, 0.3, test::random_seed());
  EvaluationOptions options;
  options.positive_from = 5.5;
  EXPECT_NE(refusal(fold, options).find("positive_from"), std::string::npos);
  options.positive_from.reset();
  fold.sampled.emplace().source = "negatives.txt";
  EXPECT_NE(refusal(fold, options).find("negatives.txt"), std::string::npos);
  fold.test.users.clear();
  fold.test.items.clear();
  fold.test.levels.clear();
  EXPECT_NE(refusal(fold, options).find("dataset.split"), std::string::npos);
  Context context({}, 1);
  EXPECT_THROW(evaluate(context, {}, options, 1, nullptr), Error);
}

TEST(Evaluate, ProgressRisesToItsTotal) {
  const std::vector<Fold> folds(2, random_fold(31, 33, 0.5, test::random_seed()));
  const TableModel model = random_table(31, 33, test::random_seed());
  const std::vector<EvaluatedFold> evaluated_folds = {{&model, &folds[0]}, {&model, &folds[1]}};
  Context context({}, 2);
  double last = 0, whole = 0;
  evaluate(context, evaluated_folds, {}, 1, [&](double done, double total) {
    EXPECT_GT(done, last);
    last = done;
    whole = total;
  });
  EXPECT_GT(whole, 0);
  EXPECT_DOUBLE_EQ(last, whole);
}

TEST(Evaluate, KnowsWhichMetricsAreBetterWhenLarger) {
  for (const char* name : {"precision@10", "ndcg", "hit_rate@5", "coverage@10", "novelty@10"}) {
    EXPECT_TRUE(larger_is_better(name)) << name;
  }
  for (const char* name : {"rmse", "mae_unclipped", "ils@10", "ils", "novelty_log_popularity@10", "tied_share"}) {
    EXPECT_FALSE(larger_is_better(name)) << name;
  }
}

TEST(Evaluate, PredictedBytesAreBoundedByTheBlockAndGrowWithWhatIsWanted) {
  EvaluationOptions options;
  const DataShape small{1000, 1000, 100'000}, large{1'000'000, 1000, 100'000};
  const int64_t bytes = evaluation_bytes(small, options, 2);
  EXPECT_GT(bytes, 1000 * 1000 * 4);
  EXPECT_LT(evaluation_bytes(large, options, 2), int64_t{1} << 28) << "not users × items";
  options.metrics.push_back(Metric::kIls);
  EXPECT_GT(evaluation_bytes(small, options, 2), bytes);
}

}  // namespace
}  // namespace matinee::engine
