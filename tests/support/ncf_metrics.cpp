#include "tests/support/ncf_metrics.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/evaluation/evaluate.h"
#include "host/config/parse_job.h"
#include "host/readers/read_dataset.h"
#include "tests/support/paths.h"

namespace matinee::test {

using namespace engine;

std::map<std::string, double> ncf_metrics(const std::string& config, const std::string& name, const std::string& folder,
                                          uint64_t seed, std::vector<std::string> settings) {
  settings.push_back("dataset.path=" + folder);
  host::Job job = host::parse_job((source_folder() / "configs" / (config + ".json")).string(),
                                  {.settings = settings, .device = {}, .output = {}});
  const auto spec = std::find_if(job.models.begin(), job.models.end(), [&](const auto& m) { return m.name == name; });
  if (spec == job.models.end()) {
    ADD_FAILURE() << "no model is named " << name;
    return {};
  }
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
  input.seed = seed;
  SilentMonitor monitor;
  spec->model->train(context, input, monitor);

  EvaluationOptions options;
  options.metrics = {Metric::kHitRate, Metric::kNdcg};
  const EvaluatedFold evaluated{spec->model.get(), &fold};
  const auto measured = evaluate(context, std::span(&evaluated, 1), options, job.seed, nullptr);
  EXPECT_EQ(measured.at(1).protocol[0].second, ProtocolValue("sampled"));
  return {measured.at(1).metrics.begin(), measured.at(1).metrics.end()};
}

}  // namespace matinee::test
