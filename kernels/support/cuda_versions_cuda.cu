#include <string>

#include <cuda_runtime_api.h>

#include "kernels/support/cuda_versions.h"

namespace matinee {
namespace {

std::string version_text(cudaError_t error, int version) {
  if (error != cudaSuccess || version == 0) return "";
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

}  // namespace

CudaVersions query_cuda_versions() {
  int driver = 0, runtime = 0;
  const cudaError_t driver_error = cudaDriverGetVersion(&driver), runtime_error = cudaRuntimeGetVersion(&runtime);
  return {version_text(runtime_error, runtime), version_text(driver_error, driver)};
}

}  // namespace matinee
