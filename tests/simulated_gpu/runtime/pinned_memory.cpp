#include "runtime/pinned_memory.h"

#include <cstdint>
#include <iterator>
#include <map>

#include <cuda_runtime_api.h>

#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/heap.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

std::map<uintptr_t, size_t>& registered() {
  static auto* all = new std::map<uintptr_t, size_t>;
  return *all;
}

cudaError_t allocate(void** address, size_t bytes, unsigned flags) {
  constexpr unsigned kKnown = cudaHostAllocPortable | cudaHostAllocMapped | cudaHostAllocWriteCombined;
  if (!address || (flags & ~kKnown)) return cudaErrorInvalidValue;
  if (any_capture()) return cudaErrorStreamCaptureUnsupported;
  *address = bytes ? heap().allocate(bytes, MemoryKind::kPinned) : nullptr;
  return cudaSuccess;
}

// Waits for the device: its copies may still use the memory.
cudaError_t release(void* address) {
  if (any_capture()) return cudaErrorStreamCaptureUnsupported;
  finish_all();
  if (!address) return cudaSuccess;
  try {
    return heap().release(address, MemoryKind::kPinned) ? cudaSuccess : cudaErrorInvalidValue;
  } catch (const KernelError& error) {
    add_finding(error.kind(), error.what());
    return cudaSuccess;
  }
}

}  // namespace

bool is_registered(const void* address, size_t bytes) {
  const auto from = reinterpret_cast<uintptr_t>(address);
  auto after = registered().upper_bound(from);
  if (after == registered().begin()) return false;
  const auto& [start, length] = *std::prev(after);
  return from + bytes <= start + length;
}

bool is_pinned(const void* address, size_t bytes) {
  const Allocation* allocation = heap().find(address);
  if (allocation) return allocation->kind == MemoryKind::kPinned && heap().room(address) >= bytes;
  return is_registered(address, bytes);
}

size_t registered_ranges() {
  return registered().size();
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaMallocHost(void** address, size_t bytes) {
  return api_call([&] { return allocate(address, bytes, 0); });
}

cudaError_t cudaHostAlloc(void** address, size_t bytes, unsigned flags) {
  return api_call([&] { return allocate(address, bytes, flags); });
}

cudaError_t cudaFreeHost(void* address) {
  return api_call([&] { return release(address); });
}

cudaError_t cudaHostRegister(void* address, size_t bytes, unsigned flags) {
  return api_call([&] {
    constexpr unsigned kKnown = cudaHostRegisterPortable | cudaHostRegisterMapped | cudaHostRegisterReadOnly;
    if (!address || bytes == 0 || (flags & ~kKnown)) return cudaErrorInvalidValue;
    if (is_pinned(address, 1)) return cudaErrorHostMemoryAlreadyRegistered;
    registered()[reinterpret_cast<uintptr_t>(address)] = bytes;
    return cudaSuccess;
  });
}

cudaError_t cudaHostUnregister(void* address) {
  return api_call([&] {
    finish_all();
    return registered().erase(reinterpret_cast<uintptr_t>(address)) ? cudaSuccess : cudaErrorHostMemoryNotRegistered;
  });
}

cudaError_t cudaHostGetDevicePointer(void** device_address, void* host_address, unsigned flags) {
  return api_call([&] {
    if (!device_address || flags != 0 || !is_pinned(host_address, 1)) return cudaErrorInvalidValue;
    *device_address = host_address;
    return cudaSuccess;
  });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* address) {
  return api_call([&] {
    if (!attributes) return cudaErrorInvalidValue;
    *attributes = {};
    auto* writable = const_cast<void*>(address);
    const Allocation* allocation = heap().find(address);
    if (allocation && allocation->kind != MemoryKind::kPinned) {
      attributes->type = cudaMemoryTypeDevice;
      attributes->devicePointer = writable;
    } else if (is_pinned(address, 1)) {
      attributes->type = cudaMemoryTypeHost;
      attributes->devicePointer = attributes->hostPointer = writable;
    } else {
      attributes->type = cudaMemoryTypeUnregistered;
      attributes->hostPointer = writable;
    }
    return cudaSuccess;
  });
}

}  // extern "C"
