#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/run/stage_monitor.h"
#include "host/run/stage_store.h"
#include "kernels/support/context.h"

namespace matinee::host {

// A step of a job. Stages stand in an order in which each comes after those that it reads.
struct Stage {
  std::string name;            // "data", "train pmf", "evaluate pmf"
  std::string fingerprint;     // of code, parameters and everything it reads
  int64_t host_bytes = 0;      // predicted peak, beside the program itself
  int64_t device_bytes = 0;    // likewise, of the CUDA device; 0 on the CPU
  Context* context = nullptr;  // where it runs
  // Writes the stage's files below `folder`.
  std::function<void(const std::filesystem::path& folder, StageMonitor& monitor)> run;
};

// Runs the stages that the store does not have, each measured, and returns the records of all.
// Throws engine::Stopped after a signal, at the next stage or checkpoint; Error(kMemory) naming the stage where memory
// ran out.
std::vector<StageRecord> run_stages(const std::vector<Stage>& stages, const StageStore& store,
                                    double checkpoint_seconds);

}  // namespace matinee::host
