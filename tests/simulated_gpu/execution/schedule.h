#pragma once

#include <cstdint>

namespace simulated_gpu {

// Which of the legal orders is taken: of blocks and warps in a kernel, and of work in different streams.
struct Schedule {
  enum class Order { kForward, kReverse, kRandom };
  Order order = Order::kForward;
  uint64_t seed = 1;
  int workers = 0;          // threads of the executor; 0: one for each core
  int quantum = 4096;       // warp instructions before another warp gets a turn
  int resident_blocks = 1;  // in flight for each worker; more come where blocks wait for each other
};

// From SIMULATED_GPU_SCHEDULE=forward|reverse|random, SIMULATED_GPU_SEED and SIMULATED_GPU_WORKERS at first; tests may
// change it between launches.
Schedule& schedule();

}  // namespace simulated_gpu
