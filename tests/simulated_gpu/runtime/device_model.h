#pragma once

#include <cstddef>

namespace simulated_gpu {

// What the simulated device says of itself, from NVIDIA's data sheets and tuning guides. Rates bound the roofline of
// the report; they never become a time.
struct DeviceModel {
  const char* key;   // SIMULATED_GPU_DEVICE
  const char* name;  // as cudaGetDeviceProperties gives it
  int major, minor;  // compute capability
  int multiprocessors;
  size_t memory;                     // bytes
  size_t shared_per_multiprocessor;  // bytes, of which 1 KiB for each block is the system's
  int l2_bytes;
  int memory_bus_bits;
  double dram_bytes_per_second;
  double l2_bytes_per_second;
  double clock_hertz;  // boost

  size_t shared_optin() const { return shared_per_multiprocessor - 1024; }
};

// The device of SIMULATED_GPU_DEVICE, with the memory of SIMULATED_GPU_MEMORY.
const DeviceModel& device_model();

// All that the report predicts for.
constexpr size_t kDeviceModels = 3;
const DeviceModel* device_models();

}  // namespace simulated_gpu
