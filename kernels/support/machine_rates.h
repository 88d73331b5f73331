#pragma once

#include "kernels/support/context.h"

namespace matinee {

// What the device reaches on the simplest loops, as the measure for what operations reach on it.
struct MachineRates {
  double copy_bytes_per_second = 0;  // read and written, of a copy that fits no cache
  double flops_per_second = 0;       // fp32 multiply-adds in registers, two flops each
};

// Measures on all threads of the context, or its CUDA device, in about half a second; the best of several tries, so
// that other work on the machine disturbs little.
MachineRates measure_machine(Context& context);

}  // namespace matinee
