#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/errors.h"

namespace simulated_gpu {

// Address space for `count` zeros; memory comes with the first touch.
template <typename T>
T* reserve(size_t count) {
  void* range =
      mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) stop_unsupported("a machine that does not let a process reserve address space");
  return static_cast<T*>(range);
}

// Gives the whole pages inside a range back to the system: they read as zeros.
inline void drop_pages(void* start, size_t bytes) {
  const size_t page = size_t(sysconf(_SC_PAGESIZE));
  const uintptr_t from = (uintptr_t(start) + page - 1) / page * page, to = (uintptr_t(start) + bytes) / page * page;
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
}

}  // namespace simulated_gpu
