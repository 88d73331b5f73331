#include <cstdio>

#include "kernels/support/cublas_library.cuh"
#include "kernels/support/cuda_check.cuh"
#include "kernels/support/error.h"

namespace matinee {
std::string place_text(std::source_location where) {
  const std::string path = where.file_name();
  const auto kernels = path.rfind("kernels/");
  return (kernels == std::string::npos ? path : path.substr(kernels)) + ":" + std::to_string(where.line());
}

std::string error_text(cudaError_t error) {
  return std::string(cudaGetErrorName(error)) + ": " + cudaGetErrorString(error);
}

void check_cuda(cudaError_t error, const char* what, std::source_location where) {
  if (error == cudaSuccess) return;
  cudaGetLastError();
  fail(error == cudaErrorMemoryAllocation ? ErrorKind::kMemory : ErrorKind::kDevice,
       std::string(what) + " failed at " + place_text(where) + ": " + error_text(error));
}

void check_cublas(cublasStatus_t status, const char* what, std::source_location where) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  fail(status == CUBLAS_STATUS_ALLOC_FAILED ? ErrorKind::kMemory : ErrorKind::kDevice,
       std::string(what) + " failed at " + place_text(where) + ": " + cublas().status_name(status) + ": " +
           cublas().status_string(status));
}

void warn_cuda(cudaError_t error, const char* what) noexcept {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "warning: %s failed: %s: %s\n", what, cudaGetErrorName(error), cudaGetErrorString(error));
}

}  // namespace matinee
