// Functions that the CUDA driver has for device code: printf and assert.
#pragma once

#include "ptx/warp.h"

namespace simulated_gpu::ptx {

// vprintf(format, arguments): writes to stdout at once, in lane order; returns the number of arguments.
void device_printf(Warp&, const Instruction&);
// __assertfail(message, file, line, function, character bytes)
[[noreturn]] void device_assert(Warp&, const Instruction&);
[[noreturn]] void device_trap(Warp&, const Instruction&);

}  // namespace simulated_gpu::ptx
