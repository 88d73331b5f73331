#pragma once

#include "ptx/warp.h"

namespace simulated_gpu::ptx {

// Copies happen as late as the program allows, so that a missing wait shows: when it waits for their group, or never.
// What is left at the end of the warp is dropped.
void perform_copies(Warp&, std::vector<PendingCopy>&);

}  // namespace simulated_gpu::ptx
