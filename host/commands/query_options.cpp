#include "host/commands/query_options.h"

#include "engine/artifacts/file_writer.h"
#include "host/commands/job_options.h"
#include "host/report/metrics_json.h"
#include "host/report/protocol_text.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

// NDCG over all candidates and users, the last fold's or the pooled one; -1 where it was not measured.
double full_ranking_ndcg(const std::vector<engine::Evaluation>& evaluations) {
  double ndcg = -1;
  for (const engine::Evaluation& evaluation : evaluations) {
    const bool all = protocol_value(evaluation.protocol, "candidates") == "all" && engine::of_all_users(evaluation);
    const auto metric = evaluation.metrics.lower_bound("ndcg@");
    if (all && metric != evaluation.metrics.end() && metric->first.starts_with("ndcg@")) ndcg = metric->second;
  }
  return ndcg;
}

}  // namespace

std::shared_ptr<QueryOptions> add_query_options(CLI::App& command) {
  auto options = std::make_shared<QueryOptions>();
  command.add_option("RUN", options->run, "a run's folder, or an output directory with a published run")->required();
  command.add_option("--model", options->model,
                     "name of a model of the run (default: the gate's, else the one with the best NDCG)");
  command.add_option("--top", options->top, "length of the list")
      ->check(CLI::Range(int64_t{1}, int64_t{1000000}))
      ->capture_default_str();
  options->json = add_format_option(command);
  add_log_option(command);
  return options;
}

int32_t known_user(const OpenRun& run, const std::string& id) {
  if (const auto user = run.data.users.find(id)) return *user;
  fail(ErrorKind::kConfig, "user \"{}\" is not in the training data of {}. The ids of its {} users are in {}", id,
       run.folder.string(), run.data.users.size(), (run.folder / "ids/users.tsv").string());
}

std::string chosen_model(const OpenRun& run, const std::string& wanted) {
  if (!wanted.empty()) {
    const ModelSpec& spec = run.spec(wanted);
    if (spec.model->recommends()) return spec.name;
    fail(ErrorKind::kConfig, "model \"{}\" ({}) recommends nothing: {}", spec.name, spec.model->type(),
         spec.model->text() != nullptr ? "it knows words, see matinee similar RUN --word TEXT"
                                       : "choose another one with --model");
  }
  if (!run.job.output.gate.model.empty()) return run.job.output.gate.model;
  const auto path = run.folder / "metrics.json";
  const ModelMetrics metrics = metrics_from_json(engine::read_file(path), path.string());
  std::string best;
  double best_ndcg = -1;
  for (const ModelSpec& spec : run.job.models) {
    if (!spec.model->recommends()) continue;
    if (best.empty()) best = spec.name;
    const auto measured = metrics.find(spec.name);
    const double ndcg = measured == metrics.end() ? -1 : full_ranking_ndcg(measured->second);
    if (ndcg > best_ndcg) {
      best = spec.name;
      best_ndcg = ndcg;
    }
  }
  if (best.empty()) fail(ErrorKind::kConfig, "{}: no model of this run recommends anything", run.folder.string());
  return best;
}

}  // namespace matinee::host
