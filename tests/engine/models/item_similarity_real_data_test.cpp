#include <algorithm>

#include <gtest/gtest.h>

#include "engine/evaluation/evaluate.h"
#include "engine/models/item_similarity.h"
#include "host/config/parse_job.h"
#include "host/readers/read_dataset.h"
#include "tests/support/paths.h"
#include "tests/support/real_data.h"

namespace matinee::engine {
namespace {

// Item k-NN in Ferrari Dacrema et al. (TOIS 2021), table 55 of the appendix: .6694 and .3979, with weights and
// parameters of its own. Those of the configuration were chosen without the test files.
TEST(ItemSimilarityRealData, ReachesThePublishedNeighboursOnMovieLens1M) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  host::Job job = host::parse_job((test::source_folder() / "configs/ncf_ml_1m.json").string(),
                                  {.settings = {"dataset.path=" + folder.string()}, .device = {}, .output = {}});
  const auto spec = std::find_if(job.models.begin(), job.models.end(), [](const auto& m) { return m.name == "cf"; });
  ASSERT_NE(spec, job.models.end());

  Context context({}, 2);
  const Dataset dataset = host::read_dataset(context, job.dataset);
  host::PreparedSplit prepared = host::make_split(context, dataset, job.dataset, job.seed);
  Fold fold = select_fold(dataset.ratings, prepared.split.folds.at(0));
  fold.sampled = std::move(prepared.sampled.at(0));
  const SparseRatings by_item = transposed(fold.train);
  TrainingInput input;
  input.by_user = fold.train.view();
  input.by_item = by_item.view();
  input.grid = dataset.ratings.grid;
  SilentMonitor monitor;
  spec->model->train(context, input, monitor);

  EvaluationOptions options;
  options.metrics = {Metric::kHitRate, Metric::kNdcg};
  const EvaluatedFold evaluated{spec->model.get(), &fold};
  const auto measured = evaluate(context, std::span(&evaluated, 1), options, job.seed, nullptr);
  ASSERT_EQ(measured.size(), 2u);
  ASSERT_EQ(measured[1].protocol[0].second, ProtocolValue("sampled"));
  EXPECT_GE(measured[1].metrics.at("hit_rate@10"), 0.669);
  EXPECT_GE(measured[1].metrics.at("ndcg@10"), 0.397);
  EXPECT_LE(measured[1].metrics.at("hit_rate@10"), 0.74) << "a leak, or ties won";
}

}  // namespace
}  // namespace matinee::engine
