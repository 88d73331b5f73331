#include "host/run/plan.h"

#include "host/run/memory.h"
#include "kernels/support/error.h"

namespace matinee::host {

int64_t host_budget(const Limits& limits) {
  if (limits.host_memory_gib) return static_cast<int64_t>(*limits.host_memory_gib * 1073741824.0);
  return available_host_bytes();
}

namespace {

struct Budget {
  const char* memory;  // "host memory"
  int64_t bytes;
  bool allowed;       // by the job; otherwise it is what is free
  const char* limit;  // "/limits/host_memory"
  const char* remedy;
};

void check_stage(const Stage& stage, int64_t needed, const Budget& budget, const PredictedShape& shape) {
  if (needed <= budget.bytes) return;
  fail(ErrorKind::kMemory,
       "stage \"{}\" needs {} of {} and {} is {} ({}{} users, {} items, {} ratings). "
       "Make the job smaller ({}) or {}",
       stage.name, bytes_text(needed), budget.memory, bytes_text(budget.bytes),
       budget.allowed ? "allowed by " + std::string(budget.limit) : "free",
       shape.exact ? "" : "estimated: ", shape.shape.users, shape.shape.items, shape.shape.ratings, stage.memory_remedy,
       budget.remedy);
}

}  // namespace

void check_memory(const std::vector<Stage>& stages, const Limits& limits, const JobContexts& contexts,
                  const PredictedShape& shape) {
  const Budget host = {"host memory", host_budget(limits), limits.host_memory_gib.has_value(), "/limits/host_memory",
                       "run it on a larger machine"};
  const Budget device = {"device memory", contexts.device_budget(), limits.device_memory_gib.has_value(),
                         "/limits/device_memory", "run it on a device with more memory or with --device cpu"};
  for (const Stage& stage : stages) {
    check_stage(stage, stage.host_bytes, host, shape);
    check_stage(stage, stage.least_device_bytes, device, shape);
  }
}

}  // namespace matinee::host
