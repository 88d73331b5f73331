#include <string>

#include <dlfcn.h>

#include "kernels/support/cublas_library.cuh"
#include "kernels/support/error.h"

namespace matinee {
namespace {

const std::string kFile = "libcublas.so." + std::to_string(CUBLAS_VER_MAJOR);

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) {
    fail(ErrorKind::kDevice, kFile + " has no " + name + ": install the cuBLAS of the CUDA toolkit of this build");
  }
}

CublasLibrary load() {
  void* library = dlopen(kFile.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    fail(ErrorKind::kDevice, std::string("cuBLAS cannot be loaded: ") + dlerror() + ". Install " + kFile +
                                 " of the CUDA toolkit, or name its folder in LD_LIBRARY_PATH");
  }
  CublasLibrary functions;
  find(library, "cublasCreate_v2", functions.create);
  find(library, "cublasDestroy_v2", functions.destroy);
  find(library, "cublasSetStream_v2", functions.set_stream);
  find(library, "cublasGemmEx", functions.gemm_ex);
  find(library, "cublasGetStatusName", functions.status_name);
  find(library, "cublasGetStatusString", functions.status_string);
  return functions;
}

}  // namespace

const CublasLibrary& cublas() {
  static const CublasLibrary library = load();
  return library;
}

}  // namespace matinee
