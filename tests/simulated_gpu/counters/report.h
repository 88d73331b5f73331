#pragma once

#include <string>
#include <vector>

#include "runtime/control.h"

namespace simulated_gpu {

// One row for each kernel, summed over its launches, with the bound of each device.
std::string report_table(const std::vector<SimulatedGpuLaunch>& launches);

// Where SIMULATED_GPU_REPORT wants it: a file, or stdout for "-". Each process of a program appends.
void write_report();

}  // namespace simulated_gpu
