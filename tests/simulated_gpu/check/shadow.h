#pragma once

#include <cstddef>
#include <cstdint>

namespace simulated_gpu {

// For every byte of the heap whether the program has written it since its allocation. All do nothing until the checks
// are on, and outside the heap.
void shadow_enable();
bool shadow_enabled();
void shadow_mark_written(const void* address, size_t bytes);
void shadow_forget(const void* address, size_t bytes);
// A copy between device buffers takes along what was written; from the host everything is.
void shadow_copy(const void* to, const void* from, size_t bytes);

// One byte for each byte of the heap, 1: written.
uint8_t* shadow_of(const void* address);

}  // namespace simulated_gpu
