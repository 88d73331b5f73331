#pragma once

#include <cstddef>

#include <driver_types.h>
#include <vector_types.h>

namespace simulated_gpu {

struct LaunchRequest {
  dim3 grid, block;
  size_t dynamic_shared = 0;
  cudaStream_t stream = nullptr;
  bool cooperative = false;
};

// Issues a launch of the kernel with this host stub.
cudaError_t launch_kernel(const void* function, void** arguments, const LaunchRequest& request);

}  // namespace simulated_gpu
