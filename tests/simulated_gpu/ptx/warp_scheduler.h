#pragma once

#include "ptx/random.h"
#include "ptx/warp.h"

namespace simulated_gpu::ptx {

// Runs a warp for up to `quantum` instructions. False: none of its lanes can go on now.
bool run_warp(Warp&, int quantum, Random&);

}  // namespace simulated_gpu::ptx
