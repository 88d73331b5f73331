#pragma once

#include <source_location>
#include <string>

#include <cublas_v2.h>
#include <cuda_runtime_api.h>

namespace matinee {

// "kernels/FILE:LINE"
std::string place_text(std::source_location where);

// "cudaErrorName: what it means"
std::string error_text(cudaError_t error);

// Throws Error(kDevice) with `what` failed, the name and text of the error and where the call stands; Error(kMemory)
// where memory ran out. Clears the error where the runtime lets it be cleared.
void check_cuda(cudaError_t error, const char* what, std::source_location where = std::source_location::current());
void check_cublas(cublasStatus_t status, const char* what,
                  std::source_location where = std::source_location::current());

// For destructors: says on stderr what failed and goes on.
void warn_cuda(cudaError_t error, const char* what) noexcept;

}  // namespace matinee
