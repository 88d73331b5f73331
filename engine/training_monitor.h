#pragma once

#include <functional>
#include <string_view>

#include "engine/artifacts/safetensors.h"

namespace matinee::engine {

// Metrics whose names end so are speeds: they differ from run to run, and reports leave them out.
inline constexpr std::string_view kSpeedSuffix = "_per_second";

// Thrown by a model after it has saved a checkpoint because the run was asked to stop.
struct Stopped {};

// What a training loop tells the world, and hears from it. A long stage calls `progress` at least every second of work
// and offers a checkpoint wherever its state is small and whole (an epoch, a block).
class TrainingMonitor {
 public:
  virtual ~TrainingMonitor() = default;

  // One number of a training curve. Values must be finite; throws Error(kDiverged) naming model, epoch and name if not.
  virtual void metric(int64_t epoch, std::string_view name, double value) = 0;
  virtual void progress(double done, double total, std::string_view unit) = 0;
  // A sentence for the log: a choice that was made, and why.
  virtual void note(std::string_view) {}

  // The state that an interrupted run of this very stage left, or null.
  virtual const TensorFile* checkpoint() = 0;
  // Calls `write` and keeps what it adds where enough time has passed since the last checkpoint or the run is asked to
  // stop; in the latter case throws Stopped afterwards.
  virtual void offer_checkpoint(const std::function<void(TensorWriter&)>& write) = 0;
};

// Says nothing, keeps nothing: for tests and for folds of no interest.
class SilentMonitor : public TrainingMonitor {
 public:
  void metric(int64_t epoch, std::string_view name, double value) override;
  void progress(double, double, std::string_view) override {}
  const TensorFile* checkpoint() override { return nullptr; }
  void offer_checkpoint(const std::function<void(TensorWriter&)>&) override {}
};

}  // namespace matinee::engine
