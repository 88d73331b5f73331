// Attributes of kernels.
#include <cuda_runtime_api.h>

#include "runtime/device_model.h"
#include "runtime/errors.h"
#include "runtime/program.h"

namespace simulated_gpu {
namespace {

cudaError_t set_attribute(RegisteredKernel& kernel, cudaFuncAttribute attribute, int value) {
  switch (attribute) {
    case cudaFuncAttributeMaxDynamicSharedMemorySize: {
      const size_t fixed = ptx::attributes(*kernel.code).static_shared;
      if (value < 0 || size_t(value) + fixed > device_model().shared_optin()) return cudaErrorInvalidValue;
      kernel.dynamic_shared_limit = size_t(value);
      return cudaSuccess;
    }
    case cudaFuncAttributePreferredSharedMemoryCarveout:
      if (value < -1 || value > 100) return cudaErrorInvalidValue;
      kernel.carveout = value;
      return cudaSuccess;
    default:
      stop_unsupported("function attribute " + std::to_string(int(attribute)));
  }
}

void describe(const RegisteredKernel& kernel, cudaFuncAttributes& described) {
  const auto attributes = ptx::attributes(*kernel.code);
  described = {};
  described.sharedSizeBytes = attributes.static_shared;
  described.constSizeBytes = attributes.const_bytes;
  described.localSizeBytes = attributes.local_bytes;
  described.maxThreadsPerBlock = attributes.max_threads;
  described.numRegs = attributes.registers;
  described.ptxVersion = kernel.architecture;
  described.binaryVersion = device_model().major * 10 + device_model().minor;
  described.maxDynamicSharedSizeBytes = int(kernel.dynamic_shared_limit);
  described.preferredShmemCarveout = kernel.carveout;
}

}  // namespace
}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value) {
  return api_call([&] {
    cudaError_t error = cudaSuccess;
    RegisteredKernel* kernel = find_kernel(function, error);
    return kernel ? set_attribute(*kernel, attribute, value) : error;
  });
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* function) {
  return api_call([&] {
    if (!attributes) return cudaErrorInvalidValue;
    cudaError_t error = cudaSuccess;
    const RegisteredKernel* kernel = find_kernel(function, error);
    if (kernel) describe(*kernel, *attributes);
    return kernel ? cudaSuccess : error;
  });
}

// A hint.
cudaError_t cudaFuncSetCacheConfig(const void* function, cudaFuncCache) {
  return api_call([&] {
    cudaError_t error = cudaSuccess;
    return find_kernel(function, error) ? cudaSuccess : error;
  });
}

cudaError_t cudaFuncGetName(const char** name, const void* function) {
  return api_call([&] {
    cudaError_t error = cudaSuccess;
    const RegisteredKernel* kernel = find_kernel(function, error);
    if (kernel) *name = kernel->name.c_str();
    return kernel ? cudaSuccess : error;
  });
}

}  // extern "C"
