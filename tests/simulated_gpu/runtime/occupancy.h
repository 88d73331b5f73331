#pragma once

#include <cstddef>

#include "ptx/ptx.h"

namespace simulated_gpu {

// Blocks of the kernel that a multiprocessor holds by threads, blocks and shared memory. Registers are ptxas's and not
// known here: the limit of real hardware may be lower.
int blocks_per_multiprocessor(const ptx::Kernel& kernel, int threads, size_t dynamic_shared);

}  // namespace simulated_gpu
