#include "libraries/cublas/handle.h"

#include <mutex>
#include <set>
#include <string>

#include "runtime/library_support.h"

namespace simulated_gpu::cublas {
namespace {

std::mutex handles_lock;
std::set<cublasHandle_t>& handles() {
  static auto* all = new std::set<cublasHandle_t>;
  return *all;
}

// The runtime's own check comes after this one: it is loaded before.
__attribute__((destructor)) void find_leaks() {
  if (!simulated_gpu_checks_leaks() || handles().empty()) return;
  simulated_gpu_add_finding("leak", (std::to_string(handles().size()) + " cuBLAS handle(s) left at exit").c_str());
}

// Sets a member of a live handle.
template <typename Change>
cublasStatus_t change(cublasHandle_t handle, Change set) {
  if (!is_live(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  return set(*handle);
}

}  // namespace

bool is_live(cublasHandle_t handle) {
  const std::lock_guard lock(handles_lock);
  return handles().count(handle) > 0;
}

}  // namespace simulated_gpu::cublas

using namespace simulated_gpu::cublas;

extern "C" {

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  if (!handle) return CUBLAS_STATUS_INVALID_VALUE;
  *handle = new cublasContext;
  const std::lock_guard lock(handles_lock);
  handles().insert(*handle);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  const std::lock_guard lock(handles_lock);
  if (handles().erase(handle) == 0) return CUBLAS_STATUS_NOT_INITIALIZED;
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* version) {
  if (!version) return CUBLAS_STATUS_INVALID_VALUE;
  *version = CUBLAS_VERSION;
  return CUBLAS_STATUS_SUCCESS;
}

// Goes back to cuBLAS's own workspace, as documented.
cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  return change(handle, [=](cublasContext& context) {
    context.stream = stream;
    context.workspace = nullptr;
    context.workspace_bytes = 0;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasGetStream_v2(cublasHandle_t handle, cudaStream_t* stream) {
  return change(handle, [=](cublasContext& context) {
    *stream = context.stream;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, size_t bytes) {
  return change(handle, [=](cublasContext& context) {
    const bool aligned = reinterpret_cast<size_t>(workspace) % 256 == 0;
    if (!aligned || (bytes > 0 && simulated_gpu_room(workspace) < bytes)) return CUBLAS_STATUS_INVALID_VALUE;
    context.workspace = workspace;
    context.workspace_bytes = bytes;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  return change(handle, [=](cublasContext& context) {
    context.math = mode;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasGetMathMode(cublasHandle_t handle, cublasMath_t* mode) {
  return change(handle, [=](cublasContext& context) {
    *mode = context.math;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode) {
  return change(handle, [=](cublasContext& context) {
    context.pointers = mode;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasGetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t* mode) {
  return change(handle, [=](cublasContext& context) {
    *mode = context.pointers;
    return CUBLAS_STATUS_SUCCESS;
  });
}

cublasStatus_t cublasSetAtomicsMode(cublasHandle_t handle, cublasAtomicsMode_t mode) {
  return change(handle, [=](cublasContext& context) {
    context.atomics = mode;
    return CUBLAS_STATUS_SUCCESS;
  });
}

const char* cublasGetStatusName(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED:
      return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED:
      return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "CUBLAS_STATUS_NOT_SUPPORTED";
    default:
      return "another cuBLAS status";
  }
}

const char* cublasGetStatusString(cublasStatus_t status) {
  return cublasGetStatusName(status);
}

}  // extern "C"
