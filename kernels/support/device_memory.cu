#include <algorithm>
#include <cstdint>
#include <string>

#include "kernels/support/cuda_check.cuh"
#include "kernels/support/device_memory.cuh"
#include "kernels/support/error.h"

namespace matinee {
namespace {

int64_t free_on_device() {
  std::size_t free = 0, total = 0;
  check_cuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  return static_cast<int64_t>(free);
}

}  // namespace

DeviceMemory::DeviceMemory(int ordinal, cudaStream_t stream, int64_t limit) : stream_(stream), limit_(limit) {
  cudaMemPool_t pool = nullptr;
  check_cuda(cudaDeviceGetDefaultMemPool(&pool, ordinal), "cudaDeviceGetDefaultMemPool");
  uint64_t keep_all = UINT64_MAX;
  check_cuda(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keep_all), "cudaMemPoolSetAttribute");
  if (limit_ == 0) limit_ = free_on_device() / 20 * 19;
}

void* DeviceMemory::take(int64_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  const bool allowed = held_ + bytes <= limit_;
  const cudaError_t error =
      allowed ? cudaMallocAsync(&memory, static_cast<std::size_t>(bytes), stream_) : cudaErrorMemoryAllocation;
  if (error == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    fail(ErrorKind::kMemory,
         "out of device memory: " + std::to_string(bytes) + " bytes wanted, " + std::to_string(held_) +
             " held by this job, " + std::to_string(limit_) + " allowed, " + std::to_string(free_on_device()) +
             " free on the device. Make the job smaller (fewer factors, neighbours or ratings) or run it on a device "
             "with more memory");
  }
  check_cuda(error, "cudaMallocAsync");
  held_ += bytes;
  peak_ = std::max(peak_, held_);
  return memory;
}

void DeviceMemory::give_back(void* memory, int64_t bytes) noexcept {
  if (memory == nullptr) return;
  warn_cuda(cudaFreeAsync(memory, stream_), "cudaFreeAsync");
  held_ -= bytes;
}

int64_t DeviceMemory::available() const {
  return std::max<int64_t>(0, limit_ - held_);
}

}  // namespace matinee
