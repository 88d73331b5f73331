#include <string>

#include <cuda_runtime_api.h>

#include "kernels/support/device.h"

namespace matinee {
namespace {

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string describe_device(int ordinal) {
  cudaDeviceProp properties{};
  if (const cudaError_t error = cudaGetDeviceProperties(&properties, ordinal); error != cudaSuccess) {
    return std::string("unreadable: ") + cudaGetErrorString(error);
  }
  return std::string(properties.name) + ", " + std::to_string(properties.totalGlobalMem >> 20) +
         " MiB, compute capability " + std::to_string(properties.major) + "." + std::to_string(properties.minor);
}

}  // namespace

CudaStatus query_cuda_runtime() {
  CudaStatus status;
  status.built = true;
  int driver = 0, runtime = 0;
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  const cudaError_t error = cudaGetDeviceCount(&status.device_count);
  if (error != cudaSuccess) {
    status.device_count = 0;
    status.reason = std::string(cudaGetErrorName(error)) + ": " + cudaGetErrorString(error);
    status.reason += driver == 0 ? "; no NVIDIA driver is loaded (libcuda.so.1 is not found)"
                                 : "; the driver supports CUDA " + version_text(driver) + ", this build needs " +
                                       version_text(runtime);
    return status;
  }
  if (status.device_count == 0) status.reason = "the CUDA driver is loaded and reports no device";
  for (int ordinal = 0; ordinal < status.device_count; ++ordinal) status.devices.push_back(describe_device(ordinal));
  return status;
}

}  // namespace matinee
