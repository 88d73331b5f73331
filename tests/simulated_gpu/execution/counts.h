#pragma once

#include <cstdint>

namespace simulated_gpu {

// What the executor counts by itself in one launch.
struct InstructionCounts {
  uint64_t warp_instructions = 0, thread_instructions = 0;  // the latter: sum of active lanes
  uint64_t branches = 0, divergent_branches = 0;            // of warps
  uint64_t barriers = 0, shuffles = 0, matrix_operations = 0;

  void operator+=(const InstructionCounts& other) {
    warp_instructions += other.warp_instructions;
    thread_instructions += other.thread_instructions;
    branches += other.branches;
    divergent_branches += other.divergent_branches;
    barriers += other.barriers;
    shuffles += other.shuffles;
    matrix_operations += other.matrix_operations;
  }
};

}  // namespace simulated_gpu
