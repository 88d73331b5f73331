#pragma once

#include <cstdint>
#include <vector>

#include "host/config/job.h"
#include "host/readers/read_dataset.h"
#include "host/run/job_contexts.h"
#include "host/run/scheduler.h"

namespace matinee::host {

// Host bytes that the job may use: limits.host_memory, else what is free.
int64_t host_budget(const Limits& limits);

// Throws Error(kMemory) naming the first stage that needs more of the host or the device than there is, its bytes and
// what to change.
void check_memory(const std::vector<Stage>& stages, const Limits& limits, const JobContexts& contexts,
                  const PredictedShape& shape);

}  // namespace matinee::host
