#pragma once

#include <cstddef>

namespace simulated_gpu {

// Whether host memory is page-locked: from cudaMallocHost or registered. Kernels may access it too.
bool is_pinned(const void* address, size_t bytes);

// Registered with cudaHostRegister: not part of the heap.
bool is_registered(const void* address, size_t bytes);
size_t registered_ranges();

}  // namespace simulated_gpu
