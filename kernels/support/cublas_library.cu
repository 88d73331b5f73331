#include <string>

#include "kernels/support/cublas_library.cuh"
#include "kernels/support/shared_library.cuh"

namespace matinee {
namespace {

CublasLibrary load() {
  const SharedLibrary library("cuBLAS", "libcublas.so." + std::to_string(CUBLAS_VER_MAJOR));
  CublasLibrary functions;
  library.find("cublasCreate_v2", functions.create);
  library.find("cublasDestroy_v2", functions.destroy);
  library.find("cublasSetStream_v2", functions.set_stream);
  library.find("cublasGemmEx", functions.gemm_ex);
  library.find("cublasGetStatusName", functions.status_name);
  library.find("cublasGetStatusString", functions.status_string);
  return functions;
}

}  // namespace

const CublasLibrary& cublas() {
  static const CublasLibrary library = load();
  return library;
}

}  // namespace matinee
