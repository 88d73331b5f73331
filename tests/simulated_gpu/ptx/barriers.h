// bar.sync and its kin: the barriers of a block.
#pragma once

#include "ptx/warp.h"

namespace simulated_gpu::ptx {

// The active lanes of the fragment arrive. True: they go on behind the instruction; false: they wait.
bool arrive_at_barrier(Warp&, Fragment&, const Instruction&, u32 pc, u32 active);

// Threads have exited: barriers that waited for them alone open.
void open_barriers_after_exit(ThreadBlock&);

}  // namespace simulated_gpu::ptx
