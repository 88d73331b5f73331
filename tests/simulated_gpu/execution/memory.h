#pragma once

#include <cstddef>

namespace simulated_gpu {

// Device memory of the executor's own (module variables, the workspace of grid synchronisation): zeroed, counts as
// written, and is no leak. Null where the device is full.
void* allocate_internal(size_t bytes);
void free_internal(void*);

// Shared memory of the i-th resident block of the calling worker: kSharedSlot bytes, aligned to 1 KiB, reused between
// blocks. All slots lie in one range.
constexpr size_t kSharedSlot = size_t{512} * 1024;
constexpr size_t kSharedSlots = 1024;
unsigned char* shared_slot(size_t i);
unsigned char* shared_base();

}  // namespace simulated_gpu
