#pragma once

#include "ptx/warp.h"

namespace simulated_gpu::ptx {

// Runs all blocks of a launch, on several threads where nobody watches. Throws what stopped it.
InstructionCounts run_grid(const KernelRun&);

}  // namespace simulated_gpu::ptx
