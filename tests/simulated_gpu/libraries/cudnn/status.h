#pragma once

#include <string>

#include <cudnn.h>

namespace simulated_gpu::cudnn {

// Remembers the reason for cudnnGetLastErrorString of this thread. Returns the status.
cudnnStatus_t refuse(cudnnStatus_t status, const std::string& reason);

inline cudnnStatus_t bad(const std::string& reason) {
  return refuse(CUDNN_STATUS_BAD_PARAM, reason);
}
inline cudnnStatus_t not_supported(const std::string& reason) {
  return refuse(CUDNN_STATUS_NOT_SUPPORTED, reason);
}

}  // namespace simulated_gpu::cudnn
