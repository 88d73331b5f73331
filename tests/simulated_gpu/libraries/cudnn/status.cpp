#include "libraries/cudnn/status.h"

#include <cstring>

#include <cuda_runtime_api.h>

namespace simulated_gpu::cudnn {
namespace {

thread_local std::string last_reason;

}  // namespace

cudnnStatus_t refuse(cudnnStatus_t status, const std::string& reason) {
  last_reason = reason;
  return status;
}

}  // namespace simulated_gpu::cudnn

extern "C" {

const char* cudnnGetErrorString(cudnnStatus_t status) {
  switch (status) {
    case CUDNN_STATUS_SUCCESS:
      return "CUDNN_STATUS_SUCCESS";
    case CUDNN_STATUS_NOT_INITIALIZED:
      return "CUDNN_STATUS_NOT_INITIALIZED";
    case CUDNN_STATUS_BAD_PARAM:
      return "CUDNN_STATUS_BAD_PARAM";
    case CUDNN_STATUS_NOT_SUPPORTED:
      return "CUDNN_STATUS_NOT_SUPPORTED";
    case CUDNN_STATUS_EXECUTION_FAILED:
      return "CUDNN_STATUS_EXECUTION_FAILED";
    default:
      return "UNKNOWN_STATUS";  // the stand-in returns no other
  }
}

// Empty after it was asked for once, as in cuDNN.
void cudnnGetLastErrorString(char* message, size_t room) {
  if (!message || room == 0) return;
  std::string& reason = simulated_gpu::cudnn::last_reason;
  std::strncpy(message, reason.c_str(), room);
  message[room - 1] = 0;
  reason.clear();
}

size_t cudnnGetVersion() {
  return CUDNN_VERSION;
}

size_t cudnnGetCudartVersion() {
  return CUDART_VERSION;
}

}  // extern "C"
