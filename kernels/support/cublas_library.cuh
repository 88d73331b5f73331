#pragma once

#include <cublas_v2.h>

namespace matinee {

// The functions of cuBLAS that operations call. Loaded when the first of them is needed (shared_library.cuh): it takes
// some 200 MiB and a tenth of a second.
struct CublasLibrary {
  decltype(&cublasCreate_v2) create;
  decltype(&cublasDestroy_v2) destroy;
  decltype(&cublasSetStream_v2) set_stream;
  cublasStatus_t (*gemm_ex)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int m, int n, int k,
                            const void* alpha, const void* a, cudaDataType a_type, int lda, const void* b,
                            cudaDataType b_type, int ldb, const void* beta, void* c, cudaDataType c_type, int ldc,
                            cublasComputeType_t, cublasGemmAlgo_t);  // its name is overloaded
  decltype(&cublasGetStatusName) status_name;
  decltype(&cublasGetStatusString) status_string;
};

// Error(kDevice) saying what was looked for, where it cannot be loaded.
const CublasLibrary& cublas();

}  // namespace matinee
