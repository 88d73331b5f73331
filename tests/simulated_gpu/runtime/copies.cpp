#include "runtime/copies.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/uio.h>
#include <unistd.h>

#include <cuda_runtime_api.h>

#include "check/shadow.h"
#include "runtime/errors.h"
#include "runtime/heap.h"
#include "runtime/monitors.h"
#include "runtime/pinned_memory.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

bool on_device(const void* address) {
  const Allocation* allocation = heap().find(address);
  return allocation && allocation->kind != MemoryKind::kPinned;
}

// An address of the heap must lie in an allocation with so many bytes left; other host memory is the program's.
bool fits(const void* address, size_t bytes) {
  return !heap().contains(address) || heap().room(address) >= bytes;
}

cudaError_t check_direction(bool to_device, bool from_device, cudaMemcpyKind kind) {
  if (kind == cudaMemcpyDefault) return cudaSuccess;
  if (kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault) return cudaErrorInvalidMemcpyDirection;
  const bool wants_to = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool wants_from = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  return wants_to == to_device && wants_from == from_device ? cudaSuccess : cudaErrorInvalidValue;
}

// Host memory may be gone when the copy comes to it: then this says so, where memcpy would end the process.
void read_host(void* to, const void* from, size_t bytes) {
  iovec local{to, bytes}, remote{const_cast<void*>(from), bytes};
  const ssize_t moved = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  if (moved == ssize_t(bytes)) return;
  if (moved < 0 && errno != EFAULT) {  // not permitted here
    std::memcpy(to, from, bytes);
    return;
  }
  throw KernelError("host-pointer", "the host memory that a copy reads is no longer there");
}

uint64_t hash_bytes(const void* data, size_t bytes) {
  uint64_t hash = 1469598103934665603u;
  const auto* byte = static_cast<const unsigned char*>(data);
  for (; bytes >= 8; bytes -= 8, byte += 8) {
    uint64_t word;
    std::memcpy(&word, byte, 8);
    hash = (hash ^ word) * 1099511628211u;
    hash ^= hash >> 29;
  }
  for (; bytes > 0; --bytes, ++byte) hash = (hash ^ *byte) * 1099511628211u;
  return hash;
}

uint64_t hash_rows(const void* from, const Region& region) {
  uint64_t hash = 0;
  for (size_t row = 0; row < region.rows; ++row) {
    hash = hash * 31 + hash_bytes(static_cast<const unsigned char*>(from) + row * region.from_pitch, region.width);
  }
  return hash;
}

// By the time it runs, stream order may have freed an operand, or not yet allocated it.
void check_alive(const void* address, const char* verb) {
  if (!heap().contains(address)) return;
  const Allocation* allocation = heap().find(address);
  if (allocation && allocation->usable) return;
  throw KernelError("use-after-free", std::string("a copy ") + verb + " " + heap().describe(address) +
                                          (allocation ? ", not yet allocated in stream order" : ""));
}

void move(void* to, const void* from, const Region& region) {
  check_alive(to, "writes");
  check_alive(from, "reads");
  if (on_device(to) && !on_device(from)) bytes_to_device() += region.width * region.rows;
  for (size_t row = 0; row < region.rows; ++row) {
    unsigned char* target = static_cast<unsigned char*>(to) + row * region.to_pitch;
    const unsigned char* source = static_cast<const unsigned char*>(from) + row * region.from_pitch;
    watch_range(source, region.width, false);
    watch_range(target, region.width, true);
    if (heap().contains(source)) {
      std::memmove(target, source, region.width);
    } else {
      read_host(target, source, region.width);
    }
    shadow_copy(target, source, region.width);
  }
}

// A copy that runs later finds the host memory as it was, or the program did not wait before it changed it.
std::function<void()> checked_move(void* to, const void* from, Region region) {
  const uint64_t before = hash_rows(from, region);
  return [=] {
    move(to, from, region);
    if (hash_rows(from, region) == before) return;
    throw KernelError("host-buffer-changed",
                      "the host memory that an asynchronous copy reads was written before it ran");
  };
}

}  // namespace

uint64_t& bytes_to_device() {
  static uint64_t bytes = 0;
  return bytes;
}

cudaError_t copy(void* to, const void* from, Region region, cudaMemcpyKind kind, cudaStream_t stream, Waiting waiting) {
  if (region.width > region.to_pitch || region.width > region.from_pitch) return cudaErrorInvalidPitchValue;
  if (region.width == 0 || region.rows == 0) return cudaSuccess;
  if (!to || !from || !fits(to, region.to_extent()) || !fits(from, region.from_extent())) return cudaErrorInvalidValue;
  const bool to_device = on_device(to), from_device = on_device(from);
  if (const cudaError_t error = check_direction(to_device, from_device, kind); error != cudaSuccess) return error;
  const char* name = waiting == Waiting::kNever ? "cudaMemcpyAsync" : "cudaMemcpy";
  const CUstream_st* in = stream_of(stream);
  const bool watch = waiting == Waiting::kNever && !from_device && in && !in->capture;
  std::function<void()> run;
  if (watch) {
    run = checked_move(to, from, region);
  } else {
    run = [=] { move(to, from, region); };
  }
  Work work{Work::Kind::kCopy, name, std::move(run), nullptr};
  const bool waits = waiting == Waiting::kAsDocumented && !(to_device && from_device);
  return waits ? enqueue_and_wait(stream, std::move(work)) : enqueue(stream, std::move(work));
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  return api_call([&] { return copy(to, from, line(bytes), kind, nullptr, Waiting::kAsDocumented); });
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return api_call([&] { return copy(to, from, line(bytes), kind, stream, Waiting::kNever); });
}

cudaError_t cudaMemcpy2D(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t width, size_t height,
                         cudaMemcpyKind kind) {
  return api_call([&] {
    return copy(to, from, {width, height, to_pitch, from_pitch}, kind, nullptr, Waiting::kAsDocumented);
  });
}

cudaError_t cudaMemcpy2DAsync(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t width,
                              size_t height, cudaMemcpyKind kind, cudaStream_t stream) {
  return api_call([&] { return copy(to, from, {width, height, to_pitch, from_pitch}, kind, stream, Waiting::kNever); });
}

}  // extern "C"
