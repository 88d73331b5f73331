#pragma once

#include "ptx/warp.h"

namespace simulated_gpu::ptx {

// Makes a block ready to run block `number` of the grid. Its shared memory must be set.
void set_up_block(ThreadBlock&, const KernelRun&, u64 number);

}  // namespace simulated_gpu::ptx
