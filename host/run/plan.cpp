#include "host/run/plan.h"

#include "host/run/memory.h"
#include "kernels/support/error.h"

namespace matinee::host {

int64_t host_budget(const Limits& limits) {
  if (limits.host_memory_gib) return static_cast<int64_t>(*limits.host_memory_gib * 1073741824.0);
  return available_host_bytes();
}

void check_memory(const std::vector<Stage>& stages, const Limits& limits, const PredictedShape& shape) {
  const int64_t budget = host_budget(limits);
  for (const Stage& stage : stages) {
    if (stage.host_bytes <= budget) continue;
    fail(ErrorKind::kMemory,
         "stage \"{}\" needs {} of host memory and {} is {} ({}{} users, {} items, {} ratings). "
         "Make the job smaller (factors, neighbours, ratings) or run it on a larger machine",
         stage.name, bytes_text(stage.host_bytes), bytes_text(budget),
         limits.host_memory_gib ? "allowed by /limits/host_memory" : "free",
         shape.exact ? "" : "estimated: ", shape.shape.users, shape.shape.items, shape.shape.ratings);
  }
}

}  // namespace matinee::host
