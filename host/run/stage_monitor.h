#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "engine/training_monitor.h"
#include "host/run/signals.h"
#include "host/terminal/progress.h"

namespace matinee::host {

// Ties a training loop to its stage: progress on stderr, metrics and checkpoints in the stage's partial folder.
class StageMonitor : public engine::TrainingMonitor {
 public:
  // Takes up the checkpoint in `folder`, if there is a sound one.
  // `stop_wanted`: whether the stage is to save a checkpoint and throw Stopped.
  StageMonitor(std::string stage, std::filesystem::path folder, double checkpoint_seconds,
               std::function<bool()> stop_wanted = signalled);

  void metric(int64_t epoch, std::string_view name, double value) override;
  void progress(double done, double total, std::string_view unit) override { progress_.update(done, total, unit); }
  void note(std::string_view sentence) override;
  const engine::TensorFile* checkpoint() override { return checkpoint_ ? &*checkpoint_ : nullptr; }
  void offer_checkpoint(const std::function<void(engine::TensorWriter&)>& write) override;

  bool stop_wanted() const { return stop_wanted_(); }

  // Writes internal/metrics.jsonl and removes the checkpoint: the stage is done.
  void finish();

 private:
  std::string stage_;
  std::filesystem::path folder_;
  double checkpoint_seconds_;
  std::function<bool()> stop_wanted_;
  std::chrono::steady_clock::time_point last_checkpoint_;
  std::optional<engine::TensorFile> checkpoint_;
  std::string metric_lines_;  // JSON lines; saved with every checkpoint, so that none is lost or doubled by a resume
  Progress progress_;
};

}  // namespace matinee::host
