// Modifiers of float instructions that change how a handler computes rather than what.
#pragma once

#include "ptx/decoder.h"

namespace simulated_gpu::ptx {

// Takes .rn, .rz, .rm or .rp: its fesetround() mode.
int take_rounding(Decoder&);

// Runs the instruction's present handler in that rounding mode, and `after`, if not null, behind it.
void adjust(Decoder&, int rounding, Handler after);

}  // namespace simulated_gpu::ptx
