#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matinee {

enum class DeviceKind { kCpu, kCuda };

struct Device {
  DeviceKind kind = DeviceKind::kCpu;
  int ordinal = 0;
};

struct CudaDeviceStatus {
  std::string description;  // name, memory, compute capability
  std::string reason;       // why this build cannot use it; empty where it can
};

// What can be said of the CUDA devices of this machine by this build.
struct CudaStatus {
  bool built = false;    // the program contains the CUDA backend
  std::string versions;  // of the runtime and of the driver
  std::vector<CudaDeviceStatus> devices;
  std::string reason;  // why no device can be used; empty where one can
};

// Asks the CUDA runtime, and runs nothing. Never throws: every error is a reason.
CudaStatus cuda_status();

// "auto", "cpu", "cuda" or "cuda:N". "cuda" is the first usable device. "auto" takes it too where `wholly_on_cuda`
// (everything that the job does has a CUDA side), else the CPU. Throws Error(kDevice) where CUDA is asked for and
// cannot be used; Error(kConfig) for another word.
Device choose_device(std::string_view wanted, bool wholly_on_cuda);

std::string to_string(Device device);

}  // namespace matinee
