#include "runtime/library_support.h"

#include <cstring>
#include <memory>
#include <string>

#include "check/shadow.h"
#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/heap.h"
#include "runtime/monitors.h"
#include "runtime/pinned_memory.h"
#include "runtime/settings.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

void check_alive(const void* address, size_t bytes, const char* name) {
  if (is_registered(address, bytes)) return;
  const Allocation* allocation = heap().find(address);
  if (allocation && allocation->usable && heap().room(address) >= bytes) return;
  const bool gone = heap().was_freed(address) || (allocation && !allocation->usable);
  throw KernelError(gone ? "use-after-free" : "out-of-bounds",
                    std::string(name) + " of " + std::to_string(bytes) + " bytes at " + heap().describe(address));
}

}  // namespace
}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t simulated_gpu_enqueue(cudaStream_t stream, const char* name, void (*run)(void*), void (*destroy)(void*),
                                  void* argument) {
  return api_call([&] {
    const std::shared_ptr<void> kept(argument, destroy);
    return enqueue(stream, {Work::Kind::kLibrary, name, [=] { run(kept.get()); }, nullptr});
  });
}

size_t simulated_gpu_room(const void* address) {
  const std::lock_guard lock(runtime_lock());
  return heap().room(address);
}

void simulated_gpu_reads(const void* address, size_t bytes, const char* name) {
  if (bytes == 0) return;
  check_alive(address, bytes, name);
  watch_range(address, bytes, false);
  if (!shadow_enabled() || !heap().contains(address)) return;
  const uint8_t* state = shadow_of(address);
  const void* raw = std::memchr(state, 0, bytes);
  if (!raw) return;
  const auto* place = static_cast<const unsigned char*>(address) + (static_cast<const uint8_t*>(raw) - state);
  throw KernelError("uninitialised", std::string(name) + " reads " + heap().describe(place) + ", never written");
}

void simulated_gpu_writes(void* address, size_t bytes, const char* name) {
  if (bytes == 0) return;
  check_alive(address, bytes, name);
  watch_range(address, bytes, true);
  shadow_mark_written(address, bytes);
}

void simulated_gpu_stop_work(const char* kind, const char* text) {
  throw KernelError(kind, text);
}

void simulated_gpu_add_finding(const char* kind, const char* text) {
  const std::lock_guard lock(runtime_lock());
  add_finding(kind, text);
}

int simulated_gpu_checks_leaks() {
  return settings().check_leaks;
}

void simulated_gpu_stop_unsupported(const char* what) {
  stop_unsupported(what);
}

}  // extern "C"
