#pragma once

#include <cublas_v2.h>

struct cublasContext {
  cudaStream_t stream = nullptr;
  cublasMath_t math = CUBLAS_DEFAULT_MATH;
  cublasPointerMode_t pointers = CUBLAS_POINTER_MODE_HOST;
  cublasAtomicsMode_t atomics = CUBLAS_ATOMICS_NOT_ALLOWED;
  void* workspace = nullptr;  // the user's; null: cuBLAS's own
  size_t workspace_bytes = 0;
};

namespace simulated_gpu::cublas {

bool is_live(cublasHandle_t handle);

}  // namespace simulated_gpu::cublas
