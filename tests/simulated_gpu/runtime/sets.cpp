// cudaMemset and its forms: asynchronous to the host, as on hardware.
#include <cstring>

#include <cuda_runtime_api.h>

#include "check/shadow.h"
#include "runtime/errors.h"
#include "runtime/heap.h"
#include "runtime/monitors.h"
#include "runtime/pinned_memory.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

void fill(void* to, size_t pitch, int value, size_t width, size_t height) {
  const Allocation* allocation = heap().find(to);
  if (heap().contains(to) && !(allocation && allocation->usable)) {
    throw KernelError("use-after-free", "cudaMemsetAsync writes " + heap().describe(to));
  }
  for (size_t row = 0; row < height; ++row) {
    unsigned char* start = static_cast<unsigned char*>(to) + row * pitch;
    watch_range(start, width, true);
    std::memset(start, value, width);
    shadow_mark_written(start, width);
  }
}

cudaError_t set(void* to, size_t pitch, int value, size_t width, size_t height, cudaStream_t stream) {
  if (width == 0 || height == 0) return cudaSuccess;
  if (width > pitch) return cudaErrorInvalidPitchValue;
  const size_t extent = (height - 1) * pitch + width;
  if (heap().room(to) < extent && !is_registered(to, extent)) return cudaErrorInvalidValue;
  const auto run = [=] { fill(to, pitch, value, width, height); };
  return enqueue(stream, {Work::Kind::kSet, "cudaMemsetAsync", run, nullptr});
}

}  // namespace
}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaMemset(void* to, int value, size_t bytes) {
  return api_call([&] { return set(to, bytes, value, bytes, 1, nullptr); });
}

cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream) {
  return api_call([&] { return set(to, bytes, value, bytes, 1, stream); });
}

cudaError_t cudaMemset2D(void* to, size_t pitch, int value, size_t width, size_t height) {
  return api_call([&] { return set(to, pitch, value, width, height, nullptr); });
}

cudaError_t cudaMemset2DAsync(void* to, size_t pitch, int value, size_t width, size_t height, cudaStream_t stream) {
  return api_call([&] { return set(to, pitch, value, width, height, stream); });
}

}  // extern "C"
