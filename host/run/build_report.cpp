#include "host/run/build_report.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/training_monitor.h"
#include "engine/version.h"
#include "host/run/cluster_files.h"
#include "host/run/folds.h"
#include "host/run/interest_files.h"
#include "host/run/tsv.h"
#include "host/run/word_files.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

// The lists that the run recommends to its first user, by model.
SampleList first_user_list(const fs::path& path, const std::string& model, const RunData& data) {
  SampleList sample;
  sample.model = model;
  const std::string text = engine::read_file(path);
  for (const std::string_view line : lines_of(text)) {
    const auto fields = tsv_fields(line);
    if (fields.size() != 4 || fields[1] == "rank") continue;
    if (sample.user.empty()) sample.user = fields[0];
    if (fields[0] != sample.user) break;
    const auto item = data.items.find(fields[2]);
    const std::string title = item ? data.catalogue.titles[static_cast<std::size_t>(*item)] : "";
    sample.lines.push_back({std::stoll(fields[1]), fields[2], title, std::stod(fields[3])});
  }
  return sample;
}

// Stage name -> name of a curve -> its points.
using StageCurves = std::map<std::string, std::map<std::string, std::vector<CurvePoint>>>;

// Training curves by stage name ("train pmf"), without what depends on how fast the run was.
StageCurves curves_by_stage(const std::string& metric_lines) {
  StageCurves curves;
  for (const std::string_view line : lines_of(metric_lines)) {
    const auto json = nlohmann::json::parse(line);
    if (json.at("name").get<std::string>().ends_with(engine::kSpeedSuffix)) continue;
    curves[json.at("stage")][json.at("name")].push_back({json.at("epoch"), json.at("value")});
  }
  return curves;
}

// Mean and deviation of the last values of the curves that the folds of a model have.
std::map<std::string, engine::FoldStatistics> last_of_folds(const Job& job, const ModelSpec& spec,
                                                            const StageCurves& curves) {
  std::map<std::string, std::vector<double>> values;
  for (int fold = 1; fold <= fold_count(job.dataset.split); ++fold) {
    const int trained = trained_fold(job, spec, fold);
    const auto stage = curves.find(training_stage(spec.name, trained));
    if (stage == curves.end()) continue;
    for (const auto& [name, points] : stage->second) {
      if (!points.empty()) values[name].push_back(points.back().value);
    }
  }
  std::map<std::string, engine::FoldStatistics> statistics;
  const bool differ = trained_fold(job, spec, fold_count(job.dataset.split)) != 0;
  for (const auto& [name, last] : values) {
    if (last.size() > 1 && differ) statistics[name] = engine::fold_statistics(last);
  }
  return statistics;
}

// Where the stages ran; empty where all did on the CPU.
std::string device_note(const std::vector<StageRecord>& records) {
  std::string device, there;
  for (const StageRecord& record : records) {
    if (record.device == "cpu") continue;
    device = record.device;
    there += (there.empty() ? "" : ", ") + record.name;
  }
  return there.empty() ? "" : "On " + device + ": " + there + ". Everything else on the CPU.";
}

// Without what changes no result: the same job has the same report wherever it is written and with any number of
// threads.
std::string config_for_report(const std::string& resolved) {
  auto config = nlohmann::ordered_json::parse(resolved);
  config["output"].erase("directory");
  config.erase("threads");
  return config.dump(2) + "\n";
}

}  // namespace

StageOutputs collect_stage_outputs(const StageStore& store, const std::vector<StageRecord>& records) {
  StageOutputs outputs;
  for (const StageRecord& record : records) {
    const fs::path internal = store.folder(record.fingerprint) / kInternalFolder;
    if (fs::exists(internal / "metrics.json")) {
      const fs::path path = internal / "metrics.json";
      const std::string text = engine::read_file(path);
      outputs.metrics.merge(metrics_from_json(text, path.string()));
      outputs.sweeps.merge(ratio_sweeps_from_json(text, path.string()));
      for (auto& evaluation : search_from_json(text, path.string())) outputs.search.push_back(std::move(evaluation));
    }
    if (fs::exists(internal / "metrics.jsonl")) outputs.metric_lines += engine::read_file(internal / "metrics.jsonl");
  }
  return outputs;
}

RunReport build_report(const Job& job, const RunData& data, const StageOutputs& outputs,
                       const std::vector<StageRecord>& records, const fs::path& run) {
  RunReport report;
  report.job_name = job.name;
  report.engine_version = engine::kVersion;
  report.seed = job.seed;
  report.users = data.users.size();
  report.items = data.items.size();
  report.ratings = data.ratings;
  report.ratings_per_level = data.ratings_per_level;
  report.grid = data.grid;
  report.remarks = job.notes;
  report.notes = data.notes;
  if (const std::string devices = device_note(records); !devices.empty()) report.notes.push_back(devices);
  report.split = data.split;
  report.search = outputs.search;
  report.claims = job.evaluate.claims;
  for (const RatioSweep& sweep : job.evaluate.ratio_sweeps) {
    if (const auto found = outputs.sweeps.find(sweep.model); found != outputs.sweeps.end()) {
      report.sweeps.push_back({sweep.model, found->second});
    }
  }
  report.resolved_config = config_for_report(job.resolved);
  const auto curves = curves_by_stage(outputs.metric_lines);
  for (const ModelSpec& spec : job.models) {
    ModelReport model;
    model.name = spec.name;
    model.type = spec.model->type();
    model.deterministic = spec.model->deterministic();
    model.parameters = spec.resolved;
    if (const auto found = outputs.metrics.find(spec.name); found != outputs.metrics.end())
      model.evaluations = found->second;
    if (const auto found = curves.find(training_stage(spec.name, 0)); found != curves.end())
      model.curves = found->second;
    model.last_of_folds = last_of_folds(job, spec, curves);
    const fs::path folder = run / "models" / spec.name;
    if (has_word_files(folder)) model.words = read_words_overview(folder);
    if (has_interest(folder)) model.directors = nearest_directors(folder, data);
    model.clusters = read_clusters(folder);
    model.decoded = read_decoded(folder);
    report.models.push_back(std::move(model));
    const fs::path lists = run / "recommendations" / (spec.name + ".tsv");
    if (fs::exists(lists)) report.samples.push_back(first_user_list(lists, spec.name, data));
  }
  return report;
}

}  // namespace matinee::host
