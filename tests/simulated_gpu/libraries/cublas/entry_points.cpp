// The GEMM functions of cuBLAS. The forms for 64-bit dimensions end in _64.
#include <cublas_v2.h>

#include "libraries/cublas/gemm.h"

using simulated_gpu::cublas::Gemm;
using simulated_gpu::cublas::gemm;

namespace {

template <typename Int>
cublasStatus_t gemm_ex(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, Int m, Int n, Int k,
                       const void* alpha, const void* a, cudaDataType a_type, Int lda, const void* b,
                       cudaDataType b_type, Int ldb, const void* beta, void* c, cudaDataType c_type, Int ldc,
                       cublasComputeType_t compute) {
  return gemm(handle, {"cublasGemmEx",
                       ta,
                       tb,
                       m,
                       n,
                       k,
                       alpha,
                       beta,
                       {a, a_type, lda, 0},
                       {b, b_type, ldb, 0},
                       {c, c_type, ldc, 0},
                       1,
                       compute});
}

}  // namespace

extern "C" {

cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                            const void* alpha, const void* a, cudaDataType a_type, int lda, const void* b,
                            cudaDataType b_type, int ldb, const void* beta, void* c, cudaDataType c_type, int ldc,
                            cublasComputeType_t compute, cublasGemmAlgo_t) {
  return gemm_ex(handle, ta, tb, m, n, k, alpha, a, a_type, lda, b, b_type, ldb, beta, c, c_type, ldc, compute);
}

cublasStatus_t cublasGemmEx_64(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int64_t m, int64_t n,
                               int64_t k, const void* alpha, const void* a, cudaDataType a_type, int64_t lda,
                               const void* b, cudaDataType b_type, int64_t ldb, const void* beta, void* c,
                               cudaDataType c_type, int64_t ldc, cublasComputeType_t compute, cublasGemmAlgo_t) {
  return gemm_ex(handle, ta, tb, m, n, k, alpha, a, a_type, lda, b, b_type, ldb, beta, c, c_type, ldc, compute);
}

cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m,
                                          int n, int k, const void* alpha, const void* a, cudaDataType a_type, int lda,
                                          long long stride_a, const void* b, cudaDataType b_type, int ldb,
                                          long long stride_b, const void* beta, void* c, cudaDataType c_type, int ldc,
                                          long long stride_c, int batch, cublasComputeType_t compute,
                                          cublasGemmAlgo_t) {
  return gemm(handle, {"cublasGemmStridedBatchedEx",
                       ta,
                       tb,
                       m,
                       n,
                       k,
                       alpha,
                       beta,
                       {a, a_type, lda, stride_a},
                       {b, b_type, ldb, stride_b},
                       {c, c_type, ldc, stride_c},
                       batch,
                       compute});
}

cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                              const float* alpha, const float* a, int lda, const float* b, int ldb, const float* beta,
                              float* c, int ldc) {
  return gemm(handle, {"cublasSgemm",
                       ta,
                       tb,
                       m,
                       n,
                       k,
                       alpha,
                       beta,
                       {a, CUDA_R_32F, lda, 0},
                       {b, CUDA_R_32F, ldb, 0},
                       {c, CUDA_R_32F, ldc, 0},
                       1,
                       CUBLAS_COMPUTE_32F});
}

cublasStatus_t cublasSgemmStridedBatched(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m,
                                         int n, int k, const float* alpha, const float* a, int lda, long long stride_a,
                                         const float* b, int ldb, long long stride_b, const float* beta, float* c,
                                         int ldc, long long stride_c, int batch) {
  return gemm(handle, {"cublasSgemmStridedBatched",
                       ta,
                       tb,
                       m,
                       n,
                       k,
                       alpha,
                       beta,
                       {a, CUDA_R_32F, lda, stride_a},
                       {b, CUDA_R_32F, ldb, stride_b},
                       {c, CUDA_R_32F, ldc, stride_c},
                       batch,
                       CUBLAS_COMPUTE_32F});
}

}  // extern "C"
