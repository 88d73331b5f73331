#include "engine/evaluation/evaluate.h"

#include <memory>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "engine/artifacts/file_writer.h"
#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/config/parse_job.h"
#include "host/config/search_model.h"
#include "host/report/metrics_json.h"
#include "host/report/run_report.h"
#include "host/run/folds.h"
#include "host/run/job_contexts.h"
#include "host/run/open_run.h"
#include "host/run/ratio_sweep.h"
#include "host/run/search_files.h"
#include "host/run/search_quality.h"
#include "host/terminal/progress.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

// The evaluations of one model of a run, from its artifacts.
std::vector<engine::Evaluation> measure(Context& context, const OpenRun& run, const std::string& name,
                                        const engine::EvaluationOptions& options) {
  std::unique_ptr<engine::Model> model;
  engine::Fold data;
  const std::vector<int> folds = measured_folds(run.data.folds);
  const auto load = [&](int64_t number) {
    const int fold = folds[static_cast<std::size_t>(number)];
    model = run.model(name, fold);
    data = run.fold(fold);
    return engine::EvaluatedFold{model.get(), &data};
  };
  Progress progress("evaluate " + name);
  return engine::evaluate(context, std::ssize(folds), load, options, run.job.seed,
                          [&](double done, double total) { progress.update(done, total, "users"); });
}

// A sweep of ratios once more, from the models that the fusion builds on.
std::vector<RatioMetrics> measure_sweep(Context& context, const OpenRun& run, const RatioSweep& sweep,
                                        const engine::EvaluationOptions& options) {
  const ModelSpec& spec = run.spec(sweep.model);
  const std::vector<int> folds = measured_folds(run.data.folds);
  const auto load = [&](int64_t number) {
    const int fold = folds[static_cast<std::size_t>(number)];
    return sweep_fold(std::make_shared<const engine::Fold>(run.fold(fold)), run.data.catalogue, spec,
                      fold_seed(run.job, fold), [&](const std::string& name) { return run.model(name, fold); });
  };
  Progress progress("sweep " + sweep.model);
  return measure_ratios(context, sweep, spec, std::ssize(folds), load, options, run.job.seed,
                        [&](double done, double total, std::string_view unit) { progress.update(done, total, unit); });
}

// How well searches of a run find, from its artifacts; none where its train did not measure it.
std::vector<engine::Evaluation> measure_search(Context& context, const OpenRun& run, const EvaluateSpec& spec) {
  if (run.data.folds != 1 || !has_search_index(run)) return {};
  const ModelSpec* model = search_model(run.job);
  std::optional<Taste> taste;
  if (model != nullptr) taste = taste_of(run, *model);
  run.require_intact(std::string(kSearchFolder) + "/");
  Progress progress("search quality");
  return measure_run_search(context, run.job, spec.options, run.data, run.fold(0),
                            read_search_index(run.folder, run.data), taste ? &taste->vectors : nullptr,
                            [&](double done, double total) { progress.update(done, total, "users"); });
}

// Models that the job file names and the run does not have would be left out without a word.
void require_models(const OpenRun& run, const EvaluateSpec& spec, const std::string& config) {
  std::vector<std::string> known;
  for (const ModelSpec& model : run.job.models) known.push_back(model.name);
  const auto require = [&](const std::string& name, std::string_view pointer) {
    if (std::ranges::find(known, name) != known.end()) return;
    fail(ErrorKind::kConfig, "{}: {}: no model \"{}\" in {}; it has {}", config, pointer, name, run.folder.string(),
         fmt::join(known, ", "));
  };
  for (const std::string& name : spec.models) require(name, "/evaluate/models");
  for (std::size_t n = 0; n < spec.ratio_sweeps.size(); ++n) {
    const std::string& name = spec.ratio_sweeps[n].model;
    const std::string pointer = fmt::format("/evaluate/ratio_sweeps/{}/model", n);
    require(name, pointer);
    if (const auto type = run.spec(name).model->type(); type != "fusion") {
      fail(ErrorKind::kConfig, "{}: {}: model \"{}\" of {} is of type \"{}\": name one of type fusion", config, pointer,
           name, run.folder.string(), type);
    }
  }
}

void evaluate(const std::string& path, const std::string& config, const std::string& device, bool json) {
  const OpenRun run = open_run(path);
  if (run.data.folds == 0)
    fail(ErrorKind::kConfig,
         "{}: nothing was held out in this run (/dataset/split/kind is \"none\"), so nothing can be measured",
         run.folder.string());
  EvaluateSpec spec = run.job.evaluate;
  if (!config.empty()) {
    spec = parse_job(config, {}).evaluate;
    require_models(run, spec, config);
  }
  JobContexts contexts(run.job, device, run.job.threads);
  spdlog::info("{}", contexts.reason());
  RunReport report;
  report.job_name = run.job.name;
  ModelMetrics metrics;
  for (const ModelSpec& model : run.job.models) {
    const bool wanted =
        spec.models.empty() || std::find(spec.models.begin(), spec.models.end(), model.name) != spec.models.end();
    if (!wanted || !model.model->recommends()) continue;
    metrics[model.name] = measure(contexts.for_work(model.model->scores_on_cuda()), run, model.name, spec.options);
    ModelReport row;
    row.name = model.name;
    row.type = model.model->type();
    row.evaluations = metrics[model.name];
    report.models.push_back(std::move(row));
  }
  RatioSweeps sweeps;
  for (const RatioSweep& sweep : spec.ratio_sweeps) {
    sweeps[sweep.model] = measure_sweep(contexts.cpu(), run, sweep, spec.options);
    report.sweeps.push_back({sweep.model, sweeps[sweep.model]});
  }
  const std::string text = metrics_to_json(metrics, sweeps, measure_search(contexts.cpu(), run, spec));
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
    std::string run, config, device = "auto";
    std::shared_ptr<bool> json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("evaluate", "measure the models of a run again, from its artifacts alone");
  command->add_option("RUN", options->run, "a run's folder, or an output directory with a published run")->required();
  command->add_option("CONFIG", options->config, "job file whose `evaluate` group is used instead of the run's own");
  add_device_option(*command, options->device);
  options->json = add_format_option(*command);
  add_log_option(*command);
  command->callback([options] { evaluate(options->run, options->config, options->device, *options->json); });
}

}  // namespace matinee::host
