#pragma once

#include <string>

#include "execution/monitor.h"

namespace simulated_gpu {

// Where an address of a kernel lies.
enum class Place {
  kGlobal,      // the heap: device or pinned memory
  kShared,      // a variable of the block's own shared memory
  kArgument,    // the parameter buffer, read only
  kRegistered,  // host memory that is page-locked
};

// The place of all `access.bytes` bytes at the lane's address, aligned and allocated; else throws KernelError with
// kind out-of-bounds, use-after-free, host-pointer or misaligned.
Place find_place(const WarpAccess& access, uint32_t lane);

// For messages. "byte 12 of the device buffer of 40 bytes (allocation 3)", "byte 4 of shared tile (128 bytes)".
std::string describe_place(const Block& block, const void* address);
// "thread (3,0,0) of block (1,0,0)".
std::string describe_thread(const Geometry& geometry, uint32_t thread, uint64_t block);
// "thread ... reads 4 bytes at file.cu:12: byte 44 of ...".
std::string describe_access(const WarpAccess& access, uint32_t lane);

}  // namespace simulated_gpu
