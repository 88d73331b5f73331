#pragma once

#include <string>

#include "runtime/control.h"
#include "runtime/device_model.h"

namespace simulated_gpu {

// The least time that a launch can take on a device, and what sets it. A bound, never a time: latency, cache hits,
// occupancy and overlap are not in it.
struct Bound {
  double seconds = 0;
  const char* by = "";  // DRAM, L2, issue, shared or atomics
};
Bound least_time(const SimulatedGpuLaunch& launch, const DeviceModel& device);

}  // namespace simulated_gpu
