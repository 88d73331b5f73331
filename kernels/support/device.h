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

// What can be said of the CUDA devices of this machine by this build.
struct CudaStatus {
  bool built = false;  // the program contains the CUDA backend
  int device_count = 0;
  std::vector<std::string> devices;  // name, memory, compute capability
  std::string reason;                // why CUDA is not used; empty where it is
};

// Asks the CUDA runtime. Never throws: every error is a reason.
CudaStatus cuda_status();

// "auto", "cpu", "cuda" or "cuda:N". "auto" takes a usable CUDA device where every operation of the job has a CUDA
// side, else the CPU. Throws Error(kDevice) where CUDA is asked for and cannot be used; Error(kConfig) for another
// word.
Device choose_device(std::string_view wanted);

std::string to_string(Device device);

}  // namespace matinee
