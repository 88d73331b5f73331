#include "tests/support/real_data.h"

#include <gtest/gtest.h>

#include "engine/evaluation/evaluate.h"
#include "engine/models/registry.h"
#include "host/readers/read_dataset.h"

namespace matinee::engine {
namespace {

// The fixed test ratings and negatives of He et al., "Neural collaborative filtering" (WWW 2017).
Fold ncf_fold(Context& context, const std::filesystem::path& folder) {
  host::DatasetSpec spec;
  spec.format = host::DatasetFormat::kMovielens1m;
  spec.path = folder.string();
  spec.split.kind = host::SplitKind::kNcf;
  spec.split.test = {"ml-1m.test.rating"};
  spec.split.negatives = "ml-1m.test.negative";
  const Dataset dataset = read_dataset(context, spec);
  host::PreparedSplit prepared = make_split(context, dataset, spec, 1);
  Fold fold = select_fold(dataset.ratings, prepared.split.folds.at(0));
  fold.sampled = std::move(prepared.sampled.at(0));
  return fold;
}

std::vector<Evaluation> measured(Context& context, std::string_view type, const Fold& fold,
                                 const EvaluationOptions& options, uint64_t seed) {
  const SparseRatings by_item = transposed(fold.train);
  TrainingInput input;
  input.by_user = fold.train.view();
  input.by_item = by_item.view();
  input.grid = fold.test.grid;
  input.seed = seed;
  SilentMonitor monitor;
  const auto model = make_model(type);
  model->train(context, input, monitor);
  const EvaluatedFold evaluated{model.get(), &fold};
  return evaluate(context, std::span(&evaluated, 1), options, seed, nullptr);
}

// Published by Ferrari Dacrema et al. (TOIS 2021), table 55 of the appendix.
TEST(EvaluationRealData, BaselinesOnMovieLens1MReachThePublishedNumbers) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  Context context({}, 2);
  const Fold fold = ncf_fold(context, folder);
  EvaluationOptions options;
  options.metrics.push_back(Metric::kIls);

  const auto popular = measured(context, "most_popular", fold, options, 1);
  ASSERT_EQ(popular.size(), 2u);
  EXPECT_EQ(popular[1].protocol[0].second, ProtocolValue("sampled"));
  EXPECT_NEAR(popular[1].metrics.at("hit_rate@10"), 0.4533, 0.0005);
  EXPECT_NEAR(popular[1].metrics.at("ndcg@10"), 0.2542, 0.0005);
  // Counted independently on the same files, the held-out item losing ties.
  EXPECT_NEAR(popular[1].metrics.at("hit_rate@10"), 0.4531, 0.00005);
  EXPECT_NEAR(popular[1].metrics.at("ndcg@10"), 0.2541, 0.00005);
  EXPECT_LT(popular[0].metrics.at("hit_rate@10"), 0.1) << "all items are harder than 99";

  const auto random = measured(context, "random", fold, options, 1);
  EXPECT_GT(random[0].metrics.at("coverage@10"), 0.99);
  EXPECT_LT(random[0].metrics.at("ils@10"), popular[0].metrics.at("ils@10"));
  EXPECT_GT(random[0].metrics.at("novelty@10"), popular[0].metrics.at("novelty@10"));

  // One seed has a standard deviation of 0.004 over 6,040 users; the expectation is 10 of 100 places.
  constexpr int kSeeds = 10;
  double hit_rate = 0, ndcg = 0;
  options.metrics = {Metric::kHitRate, Metric::kNdcg};
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto drawn = measured(context, "random", fold, options, seed);
    hit_rate += drawn[1].metrics.at("hit_rate@10") / kSeeds;
    ndcg += drawn[1].metrics.at("ndcg@10") / kSeeds;
  }
  EXPECT_NEAR(hit_rate, 0.0985, 0.004);
  EXPECT_NEAR(ndcg, 0.0454, 0.004);
}

}  // namespace
}  // namespace matinee::engine
