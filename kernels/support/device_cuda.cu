#include <string>

#include <cuda_runtime_api.h>

#include "kernels/support/cuda_check.cuh"
#include "kernels/support/device.h"

namespace matinee {
namespace {

// Compiled for the architectures of this build: where the runtime finds no image of it, it finds none of any kernel.
__global__ void probe_kernel() {}

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string cleared(cudaError_t error) {
  cudaGetLastError();
  return error_text(error);
}

// Why this build cannot use the current device; empty where it can.
std::string fault(int ordinal, const std::string& capability) {
  if (const cudaError_t error = cudaSetDevice(ordinal); error != cudaSuccess) return cleared(error);
  cudaFuncAttributes attributes{};
  const cudaError_t error = cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(probe_kernel));
  if (error == cudaErrorNoKernelImageForDevice || error == cudaErrorInvalidDeviceFunction) {
    return "this build holds no code for compute capability " + capability + " (" + cleared(error) +
           "): build it with that architecture in CMAKE_CUDA_ARCHITECTURES";
  }
  if (error != cudaSuccess) return cleared(error);
  int pools = 0;
  if (cudaDeviceGetAttribute(&pools, cudaDevAttrMemoryPoolsSupported, ordinal) != cudaSuccess || pools == 0) {
    return "the device has no memory pools (cudaMallocAsync)";
  }
  return "";
}

CudaDeviceStatus status_of(int ordinal) {
  cudaDeviceProp properties{};
  if (const cudaError_t error = cudaGetDeviceProperties(&properties, ordinal); error != cudaSuccess) {
    return {"unreadable", cleared(error)};
  }
  const std::string capability = std::to_string(properties.major) + "." + std::to_string(properties.minor);
  return {std::string(properties.name) + ", " + std::to_string(properties.totalGlobalMem >> 20) +
              " MiB, compute capability " + capability,
          fault(ordinal, capability)};
}

}  // namespace

// For device.cpp, which knows no CUDA type.
CudaStatus query_cuda_runtime() {
  CudaStatus status;
  status.built = true;
  int driver = 0, runtime = 0, count = 0;
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  status.versions = "runtime " + version_text(runtime) + ", driver for CUDA " + version_text(driver);
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess) {
    status.reason = cleared(error);
    if (driver == 0) {
      status.versions = "runtime " + version_text(runtime) + ", no driver";
      status.reason += "; no NVIDIA driver is loaded (libcuda.so.1 is not found)";
    } else if (driver < runtime) {
      status.reason +=
          "; the driver supports CUDA " + version_text(driver) + ", this build needs " + version_text(runtime);
    }
    return status;
  }
  if (count == 0) status.reason = "the CUDA driver is loaded and reports no device";
  bool usable = false;
  for (int ordinal = 0; ordinal < count; ++ordinal) {
    status.devices.push_back(status_of(ordinal));
    usable = usable || status.devices.back().reason.empty();
  }
  if (count > 0 && !usable) status.reason = "cuda:0: " + status.devices[0].reason;
  return status;
}

}  // namespace matinee
