#include "engine/evaluation/evaluate.h"

#include <memory>
#include <vector>

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "engine/artifacts/file_writer.h"
#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/config/parse_job.h"
#include "host/report/metrics_json.h"
#include "host/report/run_report.h"
#include "host/run/open_run.h"
#include "host/run/train_job.h"
#include "host/run/usable_cores.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

// The evaluations of one model of a run, from its artifacts.
std::vector<engine::Evaluation> measure(Context& context, const OpenRun& run, const std::string& name,
                                        const engine::EvaluationOptions& options) {
  std::vector<std::unique_ptr<engine::Model>> models;
  std::vector<engine::Fold> data;
  const int folds = run.data.folds > 1 ? run.data.folds : 1;
  for (int number = 1; number <= folds; ++number) {
    const int fold = folds == 1 ? 0 : number;
    models.push_back(run.model(name, fold));
    data.push_back(run.fold(fold));
  }
  std::vector<engine::EvaluatedFold> evaluated;
  for (std::size_t fold = 0; fold < models.size(); ++fold) evaluated.push_back({models[fold].get(), &data[fold]});
  Progress progress("evaluate " + name);
  return engine::evaluate(context, evaluated, options, run.job.seed,
                          [&](double done, double total) { progress.update(done, total, "users"); });
}

void evaluate(const std::string& path, const std::string& config, bool json) {
  const OpenRun run = open_run(path);
  if (run.data.folds == 0)
    fail(ErrorKind::kConfig,
         "{}: nothing was held out in this run (/dataset/split/kind is \"none\"), so nothing can be measured",
         run.folder.string());
  EvaluateSpec spec = run.job.evaluate;
  if (!config.empty()) {
    spec = parse_job(config, {}).evaluate;
  }
  Context context({}, usable_cores());
  RunReport report;
  report.job_name = run.job.name;
  ModelMetrics metrics;
  for (const ModelSpec& model : run.job.models) {
    const bool wanted =
        spec.models.empty() || std::find(spec.models.begin(), spec.models.end(), model.name) != spec.models.end();
    if (!wanted) continue;
    metrics[model.name] = measure(context, run, model.name, spec.options);
    ModelReport row;
    row.name = model.name;
    row.type = model.model->type();
    row.evaluations = metrics[model.name];
    report.models.push_back(std::move(row));
  }
  const std::string text = metrics_to_json(metrics);
  fmt::print("{}", json ? text : metric_table(report));
  if (config.empty()) {
    const bool same = text == engine::read_file(run.folder / "metrics.json");
    spdlog::info("{}", same ? "the same numbers as in the run's metrics.json"
                            : "these numbers differ from the run's metrics.json");
  }
}

}  // namespace

void add_evaluate(CLI::App& app) {
  struct Options {
    std::string run, config;
    std::shared_ptr<bool> json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("evaluate", "measure the models of a run again, from its artifacts alone");
  command->add_option("RUN", options->run, "a run's folder, or an output directory with a published run")->required();
  command->add_option("CONFIG", options->config, "job file whose `evaluate` group is used instead of the run's own");
  options->json = add_format_option(*command);
  add_log_option(*command);
  command->callback([options] { evaluate(options->run, options->config, *options->json); });
}

}  // namespace matinee::host
