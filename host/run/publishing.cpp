#include "host/run/publishing.h"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include <spdlog/spdlog.h>

#include "engine/artifacts/file_writer.h"
#include "host/run/manifest.h"
#include "host/run/output_files.h"
#include "host/run/tsv.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kCurrent = "current";
constexpr const char* kPublishedList = ".published";

std::vector<std::string> published_list(const fs::path& directory) {
  std::vector<std::string> ids;
  if (!fs::exists(directory / kPublishedList)) return ids;
  const std::string text = engine::read_file(directory / kPublishedList);
  for (const std::string_view line : lines_of(text)) ids.emplace_back(line);
  return ids;
}

void write_published_list(const fs::path& directory, const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  const fs::path fresh = directory / ".published.new";
  engine::write_file(fresh, text);
  fs::rename(fresh, directory / kPublishedList);
}

void move_current(const fs::path& directory, const std::string& run_id) {
  const fs::path fresh = directory / ".current.new";
  std::error_code error;
  fs::remove(fresh, error);
  fs::create_directory_symlink(run_id, fresh, error);
  if (!error) fs::rename(fresh, directory / kCurrent, error);
  if (error)
    fail(ErrorKind::kArtifact, "{}: cannot be moved to {}: {}", (directory / kCurrent).string(), run_id,
         error.message());
  engine::sync_folder(directory);
}

bool is_run(const fs::path& folder) {
  return fs::is_directory(folder) && !fs::is_symlink(folder) && fs::is_regular_file(folder / "manifest.json");
}

// Made here by a job, not copied or put here by somebody.
bool is_run_of_its_name(const fs::path& folder) {
  if (!is_run(folder)) return false;
  try {
    return read_manifest(folder).run_id == folder.filename().string();
  } catch (const Error&) {
    return false;
  }
}

bool is_whole(const fs::path& run) {
  if (!is_run(run)) return false;
  try {
    verify_run(run);
    return true;
  } catch (const Error& error) {
    spdlog::warn("passed over: {}", error.what());
    return false;
  }
}

// The metrics of the published run, as its manifest has them.
ModelMetrics published_metrics(const fs::path& run) {
  std::vector<OutputFile> files = read_manifest(run).outputs;
  std::erase_if(files, [](const OutputFile& file) { return file.path != "metrics.json"; });
  const std::string damage = files.empty() ? "its manifest lists no metrics.json" : first_damage(run, files);
  if (!damage.empty()) {
    fail(ErrorKind::kArtifact,
         "{}: the quality gate cannot compare with the published run: {}. Make an intact run the published one "
         "(matinee rollback, or matinee publish RUN)",
         run.string(), damage);
  }
  const fs::path path = run / "metrics.json";
  return metrics_from_json(engine::read_file(path), path.string());
}

// Of runs that were never published, the newest `keep` that are newer than `oldest`, the oldest published one that
// stays. Ids begin with the time: smaller is older.
std::vector<std::string> unpublished_to_keep(std::vector<std::string> ids, const std::string& oldest, int64_t keep) {
  std::erase_if(ids, [&](const std::string& id) { return id < oldest; });
  std::sort(ids.rbegin(), ids.rend());
  if (static_cast<int64_t>(ids.size()) > keep) ids.resize(static_cast<std::size_t>(keep));
  return ids;
}

void remove_run(const fs::path& directory, const std::string& id) {
  spdlog::info("removing the old run {}", id);
  std::error_code error;
  const fs::path discarded = directory / (std::string(kDiscardedPrefix) + id);  // one rename: nobody meets half a run
  fs::rename(directory / id, discarded, error);
  fs::remove_all(discarded, error);
  if (error) spdlog::warn("{}: cannot be removed: {}", (directory / id).string(), error.message());
}

// The metric of a model under one kind of candidates: over all folds where there are several.
std::optional<double> gate_value(const Gate& gate, const ModelMetrics& metrics) {
  const auto model = metrics.find(gate.model);
  if (model == metrics.end()) return std::nullopt;
  std::optional<double> value;
  for (const engine::Evaluation& evaluation : model->second) {
    bool right_candidates = false;
    for (const auto& [key, entry] : evaluation.protocol) {
      const auto* text = std::get_if<std::string>(&entry);
      right_candidates = right_candidates || (key == "candidates" && text != nullptr && *text == gate.candidates);
    }
    // The pooled evaluation stands after those of single folds.
    const auto metric = evaluation.metrics.find(gate.metric);
    if (engine::of_all_users(evaluation) && right_candidates && metric != evaluation.metrics.end())
      value = metric->second;
  }
  return value;
}

}  // namespace

std::string published_run(const fs::path& directory) {
  std::error_code error;
  const fs::path target = fs::read_symlink(directory / kCurrent, error);
  return error ? std::string() : target.filename().string();
}

void publish_run(const fs::path& directory, const std::string& run_id) {
  auto ids = published_list(directory);
  std::erase(ids, run_id);
  ids.push_back(run_id);
  write_published_list(directory, ids);  // first: a run in the list that never became current does no harm
  move_current(directory, run_id);
}

std::string roll_back(const fs::path& directory) {
  const std::string current = published_run(directory);
  if (current.empty()) fail(ErrorKind::kArtifact, "{}: no run is published here", directory.string());
  auto ids = published_list(directory);
  if (const auto place = std::find(ids.begin(), ids.end(), current); place != ids.end()) ids.erase(place, ids.end());
  while (!ids.empty() && !is_whole(directory / ids.back())) ids.pop_back();
  if (!ids.empty()) {
    // What was rolled back is no longer in the list: a later rollback does not come back to it.
    write_published_list(directory, ids);
    move_current(directory, ids.back());
    return ids.back();
  }
  fail(ErrorKind::kArtifact, "{}: no whole run was published before {}. Choose one with `matinee publish RUN`",
       directory.string(), current);
}

std::string check_gate(const Gate& gate, const fs::path& directory, const std::string& run_id,
                       const ModelMetrics& metrics) {
  if (gate.model.empty()) return "no gate is set";
  const auto value = gate_value(gate, metrics);
  if (!value) {
    fail(ErrorKind::kGate,
         "the gate's metric {} of model {} (candidates: {}) was not measured in this run. Add it to /evaluate or "
         "change /output/gate",
         gate.metric, gate.model, gate.candidates);
  }
  const std::string current = published_run(directory);
  if (current.empty()) return "no run is published yet";
  const auto published = gate_value(gate, published_metrics(directory / current));
  if (!published) return "the published run did not measure this metric";
  const double drop = engine::larger_is_better(gate.metric) ? *published - *value : *value - *published;
  if (!(drop <= gate.max_drop)) {
    fail(ErrorKind::kGate,
         "the quality gate refuses to publish: {} of model {} is {:.5f}, worse than the published {:.5f} by {:.5f}; "
         "allowed is {}. "
         "The published run stays {}. Look at {}; `matinee publish {}` publishes it all the same",
         gate.metric, gate.model, *value, *published, drop, gate.max_drop, current,
         (directory / run_id / "report.html").string(), (directory / run_id).string());
  }
  return "";
}

void remove_old_runs(const fs::path& directory, int64_t keep) {
  const std::string current = published_run(directory);
  auto ids = published_list(directory);
  std::erase_if(ids, [&](const std::string& id) { return !is_run(directory / id); });
  std::vector<std::string> staying;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    if (*id == current || static_cast<int64_t>(staying.size()) < keep) staying.push_back(*id);
  }
  std::reverse(staying.begin(), staying.end());
  const auto among = [](const std::vector<std::string>& list, const std::string& id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  std::vector<std::string> unpublished;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string id = entry.path().filename().string();
    if (!among(ids, id) && is_run_of_its_name(entry.path())) unpublished.push_back(id);
  }
  const std::string oldest = staying.empty() ? "" : *std::min_element(staying.begin(), staying.end());
  const auto refused = unpublished_to_keep(unpublished, oldest, keep);
  for (const std::string& id : ids) {
    if (!among(staying, id)) remove_run(directory, id);
  }
  for (const std::string& id : unpublished) {
    if (!among(refused, id)) remove_run(directory, id);
  }
  write_published_list(directory, staying);
}

}  // namespace matinee::host
