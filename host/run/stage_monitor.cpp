#include "host/run/stage_monitor.h"

#include <cmath>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "engine/artifacts/file_writer.h"
#include "host/run/clock.h"
#include "host/run/stage_store.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr const char* kCheckpointFile = "checkpoint.safetensors";
constexpr const char* kMetricsNote = "metrics.jsonl";

}  // namespace

StageMonitor::StageMonitor(std::string stage, std::filesystem::path folder, double checkpoint_seconds,
                           std::function<bool()> stop_wanted)
    : stage_(std::move(stage)),
      folder_(std::move(folder)),
      checkpoint_seconds_(checkpoint_seconds),
      stop_wanted_(std::move(stop_wanted)),
      last_checkpoint_(std::chrono::steady_clock::now()),
      progress_(stage_, std::filesystem::exists(folder_ / kCheckpointFile)) {
  const auto path = folder_ / kCheckpointFile;
  if (!std::filesystem::exists(path)) return;
  try {
    checkpoint_ = engine::TensorFile::read(path);
    metric_lines_ = checkpoint_->note(kMetricsNote);
    spdlog::info("{}: goes on from a checkpoint", stage_);
  } catch (const Error& error) {
    spdlog::warn("{}: starts afresh, its checkpoint cannot be used: {}", stage_, error.what());
    checkpoint_.reset();
    metric_lines_.clear();
  }
}

void StageMonitor::metric(int64_t epoch, std::string_view name, double value) {
  if (!std::isfinite(value)) {
    fail(ErrorKind::kDiverged,
         "{}: {} is {} in epoch {}: training diverged. Lower the learning rate or the initial deviation of this model, "
         "or raise its regularisation",
         stage_, name, value, epoch);
  }
  const nlohmann::ordered_json line = {
      {"time", utc_time()}, {"stage", stage_}, {"epoch", epoch}, {"name", name}, {"value", value}};
  metric_lines_ += line.dump() + "\n";
}

void StageMonitor::note(std::string_view sentence) {
  spdlog::info("{}: {}", stage_, sentence);
}

void StageMonitor::offer_checkpoint(const std::function<void(engine::TensorWriter&)>& write) {
  const auto now = std::chrono::steady_clock::now();
  const bool stopping = stop_wanted();
  if (!stopping && std::chrono::duration<double>(now - last_checkpoint_).count() < checkpoint_seconds_) return;
  engine::TensorWriter file;
  write(file);
  file.note(kMetricsNote, metric_lines_);
  const auto fresh = folder_ / "checkpoint.new";
  file.write(fresh);
  std::filesystem::rename(fresh, folder_ / kCheckpointFile);
  engine::sync_folder(folder_);
  last_checkpoint_ = std::chrono::steady_clock::now();
  if (stopping) throw engine::Stopped{};
}

void StageMonitor::finish() {
  if (!metric_lines_.empty()) engine::write_file(folder_ / kInternalFolder / "metrics.jsonl", metric_lines_);
  std::filesystem::remove(folder_ / kCheckpointFile);
  std::filesystem::remove(folder_ / "checkpoint.new");
}

}  // namespace matinee::host
