#pragma once

#include <cstddef>
#include <string>

namespace simulated_gpu {

// The environment of the process, read once.
struct Settings {
  bool check = false;           // SIMULATED_GPU_CHECK=1: every access of every kernel is checked
  bool check_leaks = false;     // SIMULATED_GPU_LEAKS=1: memory, streams and events left at exit are findings
  bool blocking = false;        // CUDA_LAUNCH_BLOCKING=1: work runs when it is issued
  std::string report;           // SIMULATED_GPU_REPORT=FILE or -: the counters of every kernel, written at exit
  std::string device = "A100";  // SIMULATED_GPU_DEVICE=A100|H100|H200
  size_t memory = 0;            // SIMULATED_GPU_MEMORY=bytes, with K, M or G: 0: what the device has
};

const Settings& settings();

}  // namespace simulated_gpu
