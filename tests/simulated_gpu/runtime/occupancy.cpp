#include "runtime/occupancy.h"

#include <algorithm>

#include <cuda_runtime_api.h>

#include "runtime/device_model.h"
#include "runtime/errors.h"
#include "runtime/launch_limits.h"
#include "runtime/program.h"

namespace simulated_gpu {

int blocks_per_multiprocessor(const ptx::Kernel& kernel, int threads, size_t dynamic_shared) {
  if (threads <= 0 || threads > ptx::attributes(kernel).max_threads) return 0;
  const int warps = (threads + 31) / 32;
  const int by_threads = kMaxThreadsPerMultiprocessor / (warps * 32);
  const size_t shared = (ptx::attributes(kernel).static_shared + dynamic_shared + 127) / 128 * 128 + 1024;
  const int by_shared = int(device_model().shared_per_multiprocessor / shared);
  return std::min({kMaxBlocksPerMultiprocessor, by_threads, by_shared});
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, const void* function, int threads,
                                                                   size_t dynamic_shared, unsigned) {
  return api_call([&] {
    if (!blocks || threads <= 0) return cudaErrorInvalidValue;
    cudaError_t error = cudaSuccess;
    const RegisteredKernel* kernel = find_kernel(function, error);
    if (!kernel) return error;
    *blocks = blocks_per_multiprocessor(*kernel->code, threads, dynamic_shared);
    return cudaSuccess;
  });
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* function, int threads,
                                                          size_t dynamic_shared) {
  return cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, function, threads, dynamic_shared, 0);
}

cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t* bytes, const void* function, int blocks, int threads) {
  return api_call([&] {
    if (!bytes || blocks <= 0 || threads <= 0) return cudaErrorInvalidValue;
    cudaError_t error = cudaSuccess;
    const RegisteredKernel* kernel = find_kernel(function, error);
    if (!kernel) return error;
    const size_t each = device_model().shared_per_multiprocessor / size_t(blocks) / 128 * 128;
    const size_t taken = ptx::attributes(*kernel->code).static_shared + 1024;
    *bytes = each > taken ? std::min(each - taken, device_model().shared_optin()) : 0;
    return cudaSuccess;
  });
}

}  // extern "C"
