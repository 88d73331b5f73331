#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <driver_types.h>

#include "runtime/stream_time.h"

namespace simulated_gpu {

// What an operation in a stream or a node of a graph does.
struct Work {
  enum class Kind { kKernel, kCopy, kSet, kHost, kMemory, kLibrary, kEmpty };
  Kind kind = Kind::kEmpty;
  std::string name;  // "kernel scale", "cudaMemcpyAsync"
  std::function<void()> run;
  const void* function = nullptr;  // of a kernel: its host stub
};

// One piece of issued work. It runs when something waits for it, after all of `after`: in which order unordered
// operations run is the schedule's choice, the least convenient one where it can be (see README.md).
struct Operation {
  uint64_t number = 0;  // order of issue
  Work work;
  std::vector<std::shared_ptr<Operation>> after;    // emptied when done
  std::vector<std::weak_ptr<Operation>> followers;  // who has this in `after`
  size_t unfinished = 0;                            // of `after`
  uint64_t wanted_by = 0;                           // the wait that needs it
  double finished_at = 0;                           // seconds
  StreamTime time;                                  // what comes before it, in whatever order things run
  bool done = false;
};
using OperationPtr = std::shared_ptr<Operation>;

// A new operation after those given; null ones are left out.
OperationPtr issue(Work work, std::vector<OperationPtr> after);

// Run until it is done. Under CUDA_LAUNCH_BLOCKING=1 `issue` does so itself.
void finish(const OperationPtr& operation);
void finish_all();

// Draw from the schedule's seed again.
void reseed_operations();

// The one whose work runs now; null: none.
const Operation* running_operation();

// Whether it is done: cudaSuccess, or cudaErrorNotReady after one step towards it, so that asking in a loop ends.
cudaError_t query(const OperationPtr& operation);

}  // namespace simulated_gpu
