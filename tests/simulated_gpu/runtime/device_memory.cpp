// cudaMalloc, cudaFree and their stream-ordered forms.
#include <algorithm>
#include <cstdint>
#include <string>

#include <cuda_runtime_api.h>

#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/heap.h"
#include "runtime/monitors.h"
#include "runtime/streams.h"

struct CUmemPoolHandle_st {
  uint64_t release_threshold = 0;
  bool standard = false;
};

namespace simulated_gpu {
namespace {

CUmemPoolHandle_st& standard_pool() {
  static auto* pool = new CUmemPoolHandle_st{0, true};
  return *pool;
}

// Memory that was freed in stream order counts until the stream has come to it: so wait for that before giving up.
unsigned char* allocate_or_drain(size_t bytes) {
  if (unsigned char* memory = heap().allocate(bytes, MemoryKind::kDevice)) return memory;
  finish_all();
  return heap().allocate(bytes, MemoryKind::kDevice);
}

cudaError_t allocate(void** address, size_t bytes) {
  if (!address) return cudaErrorInvalidValue;
  if (any_capture()) return cudaErrorStreamCaptureUnsupported;
  *address = nullptr;
  if (bytes == 0) return cudaSuccess;
  *address = allocate_or_drain(bytes);
  return *address ? cudaSuccess : cudaErrorMemoryAllocation;
}

// A guard that is found damaged is a finding of the program, whoever frees.
cudaError_t release(void* address) {
  try {
    return heap().release(address, MemoryKind::kDevice) ? cudaSuccess : cudaErrorInvalidValue;
  } catch (const KernelError& error) {
    add_finding(error.kind(), error.what());
    set_sticky_error(cudaErrorIllegalAddress);
    return cudaErrorIllegalAddress;
  }
}

// The beginning and the end of memory in stream order count as writes to (the first part of) it, so that an access that
// is not ordered with them is a race.
constexpr size_t kWatched = size_t{1} << 20;

void begin_life(unsigned char* memory, size_t bytes) {
  heap().set_usable(memory, true);
  watch_range(memory, std::min(bytes, kWatched), true);
}

// The address is known at once; the memory is there when the stream comes to it.
cudaError_t allocate_in_stream(void** address, size_t bytes, cudaStream_t handle) {
  const CUstream_st* stream = stream_of(handle);
  if (!address) return cudaErrorInvalidValue;
  if (!stream) return cudaErrorInvalidResourceHandle;
  if (stream->capture) stop_unsupported("cudaMallocAsync while the stream captures");
  *address = nullptr;
  if (bytes == 0) return cudaSuccess;
  unsigned char* memory = allocate_or_drain(bytes);
  if (!memory) return cudaErrorMemoryAllocation;
  heap().set_usable(memory, false);
  *address = memory;
  return enqueue(handle, {Work::Kind::kMemory, "cudaMallocAsync", [=] { begin_life(memory, bytes); }, nullptr});
}

cudaError_t free_in_stream(void* address, cudaStream_t handle) {
  const CUstream_st* stream = stream_of(handle);
  if (!stream) return cudaErrorInvalidResourceHandle;
  if (!address) return cudaSuccess;
  if (stream->capture) stop_unsupported("cudaFreeAsync while the stream captures");
  const Allocation* allocation = heap().find(address);
  if (!allocation || allocation->base != address) return cudaErrorInvalidValue;
  const auto work = [=] {
    watch_range(address, std::min(heap().room(address), kWatched), true);
    if (!heap().release(address, MemoryKind::kDevice)) {
      throw KernelError("use-after-free", "cudaFreeAsync of " + heap().describe(address));
    }
  };
  return enqueue(handle, {Work::Kind::kMemory, "cudaFreeAsync", work, nullptr});
}

}  // namespace
}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaMalloc(void** address, size_t bytes) {
  return api_call([&] { return allocate(address, bytes); });
}

// Rows of 512 bytes' multiple, as on hardware.
cudaError_t cudaMallocPitch(void** address, size_t* pitch, size_t width, size_t height) {
  return api_call([&] {
    if (!pitch) return cudaErrorInvalidValue;
    *pitch = (width + 511) / 512 * 512;
    return allocate(address, *pitch * height);
  });
}

// Waits for the device, as the documentation says.
cudaError_t cudaFree(void* address) {
  return api_call([&] {
    if (any_capture()) return cudaErrorStreamCaptureUnsupported;
    finish_all();
    if (sticky_error() != cudaSuccess) return sticky_error();
    return address ? release(address) : cudaSuccess;
  });
}

cudaError_t cudaMallocAsync(void** address, size_t bytes, cudaStream_t stream) {
  return api_call([&] { return allocate_in_stream(address, bytes, stream); });
}

cudaError_t cudaMallocFromPoolAsync(void** address, size_t bytes, cudaMemPool_t pool, cudaStream_t stream) {
  return api_call([&] { return pool ? allocate_in_stream(address, bytes, stream) : cudaErrorInvalidValue; });
}

cudaError_t cudaFreeAsync(void* address, cudaStream_t stream) {
  return api_call([&] { return free_in_stream(address, stream); });
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int device) {
  return api_call([&] {
    if (device != 0) return cudaErrorInvalidDevice;
    *pool = &standard_pool();
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceGetMemPool(cudaMemPool_t* pool, int device) {
  return cudaDeviceGetDefaultMemPool(pool, device);
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps* properties) {
  return api_call([&] {
    if (!pool || !properties || properties->allocType != cudaMemAllocationTypePinned) return cudaErrorInvalidValue;
    *pool = new CUmemPoolHandle_st;
    return cudaSuccess;
  });
}

cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
  return api_call([&] {
    if (!pool || pool->standard) return cudaErrorInvalidValue;
    delete pool;
    return cudaSuccess;
  });
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  return api_call([&] {
    if (!pool || !value) return cudaErrorInvalidValue;
    if (attribute == cudaMemPoolAttrReleaseThreshold) pool->release_threshold = *static_cast<uint64_t*>(value);
    return cudaSuccess;
  });
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  return api_call([&] {
    if (!pool || !value) return cudaErrorInvalidValue;
    auto* number = static_cast<uint64_t*>(value);
    switch (attribute) {
      case cudaMemPoolAttrReleaseThreshold:
        *number = pool->release_threshold;
        return cudaSuccess;
      case cudaMemPoolAttrReservedMemCurrent:
      case cudaMemPoolAttrUsedMemCurrent:
        *number = heap().used();
        return cudaSuccess;
      default:
        stop_unsupported("memory pool attribute " + std::to_string(int(attribute)));
    }
  });
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t) {
  return api_call([&] { return pool ? cudaSuccess : cudaErrorInvalidValue; });
}

}  // extern "C"
