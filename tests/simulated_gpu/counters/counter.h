#pragma once

#include <vector>

#include "execution/monitor.h"
#include "runtime/control.h"

namespace simulated_gpu {

// Counts what each launch does, as a GPU would see it: warp requests, 32-byte sectors, 32 shared banks of 4 bytes.
Monitor& counter();

// What was counted since counting was put on, in order.
std::vector<SimulatedGpuLaunch>& counted_launches();

}  // namespace simulated_gpu
