#include "host/run/train_job.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <spdlog/spdlog.h>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/sha256.h"
#include "host/run/build_report.h"
#include "host/run/clock.h"
#include "host/run/directory_lock.h"
#include "host/run/manifest.h"
#include "host/run/output_files.h"
#include "host/run/plan.h"
#include "host/run/publishing.h"
#include "host/run/warm_start.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kIncoming = ".incoming-";
constexpr std::chrono::hours kUnusedStages{48};

std::optional<OpenRun> open_warm_start(const WarmStart& warm_start) {
  if (warm_start.run.empty()) return std::nullopt;
  const fs::path run = warm_start.run;
  const bool there = fs::exists(run / "manifest.json") || fs::is_symlink(run / "current");
  if (!warm_start.required && !there) {
    spdlog::info("warm start: there is no run at {}; training starts afresh", run.string());
    return std::nullopt;
  }
  return open_run(warm_start.run);
}

// What a killed process may have left.
void remove_leftovers(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kIncoming) || name.starts_with(kDiscardedPrefix)) fs::remove_all(entry.path());
  }
}

std::string free_run_id(const fs::path& directory, const std::string& job_name) {
  const std::string base = utc_stamp() + "-" + job_name;
  std::string id = base;
  for (int number = 2; fs::exists(directory / id); ++number) id = fmt::format("{}-{}", base, number);
  return id;
}

// The folder that a run is put together in: removed with all that is in it where the run was not finished.
class IncomingFolder {
 public:
  explicit IncomingFolder(fs::path path) : path_(std::move(path)) { make_folders(path_); }
  ~IncomingFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  IncomingFolder(const IncomingFolder&) = delete;
  IncomingFolder& operator=(const IncomingFolder&) = delete;

  const fs::path& path() const { return path_; }
  void become(const fs::path& run) const {
    std::error_code error;
    fs::rename(path_, run, error);
    if (error)
      fail(ErrorKind::kArtifact, "{}: cannot be renamed to {}: {}", path_.string(), run.string(), error.message());
    engine::sync_folder(run.parent_path());
  }

 private:
  fs::path path_;
};

// Links what the stages made into `folder`; internal files stay behind.
void link_stage_files(const StageStore& store, const std::vector<StageRecord>& records, const fs::path& folder) {
  for (const StageRecord& record : records) {
    for (const OutputFile& file : record.files) {
      if (file.path.starts_with(std::string(kInternalFolder) + "/")) continue;
      link_or_copy(store.folder(record.fingerprint) / file.path, folder / file.path);
    }
  }
}

std::set<std::string> fingerprints_in_use(const fs::path& directory) {
  std::set<std::string> used;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.is_symlink() || !fs::is_regular_file(entry.path() / "manifest.json")) continue;
    try {
      for (const StageRecord& stage : read_manifest(entry.path()).stages) used.insert(stage.fingerprint);
    } catch (const Error& error) {
      spdlog::warn("{}", error.what());
    }
  }
  return used;
}

}  // namespace

namespace {

void log_devices(const PreparedJob& prepared) {
  spdlog::info("{}", prepared.contexts->reason());
  if (prepared.contexts->device().kind == DeviceKind::kCpu) return;
  for (const Stage& stage : prepared.stages->stages()) {
    spdlog::info("{}: {}", stage.name,
                 stage.device.kind == DeviceKind::kCuda ? "on " + to_string(stage.device)
                                                        : "on the CPU, where alone this version has it");
  }
}

}  // namespace

PreparedJob prepare_job(const Job& job, bool refuse_what_cannot_fit) {
  PreparedJob prepared;
  prepared.contexts = std::make_unique<JobContexts>(job);
  prepared.warm_start = open_warm_start(job.warm_start);
  if (prepared.warm_start) check_warm_start(job, prepared.warm_start->job);
  const OpenRun* warm_start = prepared.warm_start ? &*prepared.warm_start : nullptr;
  prepared.shape = predict_shape(prepared.contexts->cpu(), job.dataset, earlier_ids(warm_start));
  const StageStore store(job.output.directory);
  // Memory first: hashing large inputs takes longer than the first second.
  const std::vector<JobText> texts = job_texts(job);
  const JobStages unhashed(job, *prepared.contexts, store, prepared.shape, warm_start, {}, texts);
  if (refuse_what_cannot_fit) check_memory(unhashed.stages(), job.limits, *prepared.contexts, prepared.shape);
  prepared.stages = std::make_unique<JobStages>(job, *prepared.contexts, store, prepared.shape, warm_start,
                                                hashed_inputs(job), texts);
  return prepared;
}

TrainedRun train_job(const Job& job, RunSummary& summary) {
  summary.job = job.name;
  const std::string started = utc_time();
  const PreparedJob prepared = prepare_job(job, true);
  log_devices(prepared);

  const fs::path directory = job.output.directory;
  make_folders(directory);
  const DirectoryLock lock(directory);
  remove_leftovers(directory);
  const StageStore store(directory);
  JobContexts& contexts = *prepared.contexts;
  const StageLanes lanes{&contexts.cpu(), &contexts.cuda(), host_budget(job.limits), contexts.device_budget()};
  const auto records = run_stages(prepared.stages->stages(), store, lanes, job.limits.checkpoint_seconds);

  const std::string run_id = free_run_id(directory, job.name);
  const IncomingFolder incoming_folder(directory / (kIncoming + run_id));
  const fs::path& incoming = incoming_folder.path();
  link_stage_files(store, records, incoming);
  const StageOutputs outputs = collect_stage_outputs(store, records);
  summary.run = run_id;
  summary.stages = records;
  summary.metrics = outputs.metrics;
  summary.search = outputs.search;
  summary.metric_lines = outputs.metric_lines;
  const RunReport report = build_report(job, read_run_data(incoming), outputs, records, incoming);
  engine::write_file(incoming / "config.json", job.resolved);
  engine::write_file(incoming / "metrics.json", metrics_to_json(outputs.metrics, outputs.sweeps, outputs.search));
  engine::write_file(incoming / "metrics.jsonl", outputs.metric_lines);
  engine::write_file(incoming / "report.html", report_html(report));
  engine::write_file(incoming / "report.md", report_markdown(report));

  Manifest manifest;
  manifest.run_id = run_id;
  manifest.job_name = job.name;
  manifest.started = started;
  manifest.finished = utc_time();
  manifest.seed = job.seed;
  manifest.device = to_string(prepared.contexts->device());
  manifest.threads = prepared.contexts->cpu().threads();
  manifest.deterministic = report.deterministic();
  if (prepared.warm_start) manifest.warm_start = prepared.warm_start->folder.filename().string();
  manifest.config_sha256 = engine::sha256_of(job.resolved);
  manifest.inputs = prepared.stages->inputs().all();
  manifest.stages = records;
  for (const StageRecord& record : records) {
    manifest.peak_host_bytes = std::max(manifest.peak_host_bytes, record.peak_host_bytes);
    manifest.peak_device_bytes = std::max(manifest.peak_device_bytes, record.peak_device_bytes);
  }
  manifest.outputs = list_files(incoming);
  engine::write_file(incoming / "manifest.json", manifest_to_json(manifest));
  engine::sync_folder(incoming);
  incoming_folder.become(directory / run_id);

  const auto tidy_up = [&] {
    remove_old_runs(directory, job.output.keep);
    store.prune(fingerprints_in_use(directory), kUnusedStages);
  };
  try {
    const std::string reason = check_gate(job.output.gate, directory, run_id, outputs.metrics);
    if (!reason.empty()) spdlog::info("nothing to compare at the gate: {}", reason);
  } catch (const Error&) {
    tidy_up();  // nights of refused runs must not fill the disk
    throw;
  }
  publish_run(directory, run_id);
  summary.published = true;
  spdlog::info("published {}", (directory / run_id).string());
  tidy_up();
  return {directory / run_id, report};
}

}  // namespace matinee::host
