#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/run/stage_monitor.h"
#include "host/run/stage_store.h"
#include "kernels/support/context.h"

namespace matinee::host {

// A step of a job. Stages stand in an order in which each comes after those that it reads.
struct Stage {
  std::string name;                                            // "data", "train pmf", "evaluate pmf"
  std::string fingerprint;                                     // of code, parameters and everything it reads
  std::vector<std::size_t> after;                              // the stages that it reads
  Device device;                                               // where it runs
  int64_t host_bytes = 0;                                      // predicted peak, beside the program itself
  std::string memory_remedy = "factors, neighbours, ratings";  // what makes it smaller
  int64_t device_bytes = 0;                                    // likewise, of the CUDA device; 0 on the CPU
  int64_t least_device_bytes = 0;                              // what it cannot do without, where less is free
  // Writes the stage's files below `folder`.
  std::function<void(Context& context, const std::filesystem::path& folder, StageMonitor& monitor)> run;
};

// Where stages run: one at a time on the CPU and, beside it, as many on a CUDA device as it has contexts here.
struct StageLanes {
  Context* cpu = nullptr;
  std::vector<std::unique_ptr<Context>>* cuda = nullptr;
  int64_t host_budget = 0, device_budget = 0;  // bytes that stages running at once may need together
};

// Runs the stages that the store does not have, each measured, and returns the records of all, in their order. A stage
// starts when what it reads is there, a context is free and its memory fits beside that of the running ones. Stages on
// the CUDA device get equal shares of its memory; one that is predicted to need more gets all of it, alone.
// Throws engine::Stopped after a signal, at the next stage or checkpoint, and the error of a stage that failed, when
// those beside it have come to a checkpoint too; Error(kMemory) naming the stage where memory ran out.
std::vector<StageRecord> run_stages(const std::vector<Stage>& stages, const StageStore& store, const StageLanes& lanes,
                                    double checkpoint_seconds);

}  // namespace matinee::host
