#pragma once

#include <cstddef>
#include <cstdint>

#include <cublas_v2.h>

namespace simulated_gpu::cublas {

// A column-major matrix, `batch` times.
struct Operand {
  const void* data = nullptr;
  cudaDataType type = CUDA_R_32F;
  int64_t leading = 0;  // elements from a column to the next
  int64_t stride = 0;   // elements from one of the batch to the next
};

// C = alpha op(A) op(B) + beta C, m x k times k x n.
struct Gemm {
  const char* name = "";
  cublasOperation_t transpose_a = CUBLAS_OP_N, transpose_b = CUBLAS_OP_N;
  int64_t m = 0, n = 0, k = 0;
  const void *alpha = nullptr, *beta = nullptr;
  Operand a, b, c;
  int64_t batch = 1;
  cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
};

// Checks every argument against the documentation and the allocations, and issues the product to the handle's stream.
cublasStatus_t gemm(cublasHandle_t handle, const Gemm& request);

}  // namespace simulated_gpu::cublas
