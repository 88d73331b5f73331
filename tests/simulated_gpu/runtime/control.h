#pragma once

#include <stddef.h>
#include <stdint.h>

// What the stand-in exports beside the runtime API, for tests: looked up with dlsym, absent on hardware.
// (tests/simulated_gpu/testing/simulated_gpu.h wraps it.)
#ifdef __cplusplus
extern "C" {
#endif

// Copies the oldest finding ("race: ...") that was not yet taken and mends the context. Returns its length, 0: none.
size_t simulated_gpu_take_finding(char* text, size_t room);

// 0: forward, 1: reverse, 2: random. Waits for all issued work first.
void simulated_gpu_set_schedule(int order, uint64_t seed);

// Checks of every access on or off; memory that was allocated while they were off counts as written.
void simulated_gpu_set_checks(int on);

// Counting on or off, and what was counted since it was put on.
void simulated_gpu_set_counting(int on);

struct SimulatedGpuLaunch {
  char kernel[256];  // demangled, without its parameters; cut where it is longer
  uint32_t grid[3], block[3];
  uint64_t warp_instructions, thread_instructions;
  uint64_t branches, divergent_branches, barriers, shuffles, matrix_operations;
  uint64_t load_requests, store_requests;   // global memory, of warps
  uint64_t load_bytes, store_bytes;         // that lanes asked for
  uint64_t load_sectors, store_sectors;     // of 32 bytes, moved between L1 and L2
  uint64_t distinct_sectors;                // touched: what DRAM must move at least
  uint64_t shared_requests, shared_passes;  // equal: no bank conflict
  uint64_t shared_least_passes;             // by the bytes asked alone
  uint64_t atomic_requests, atomic_lanes;
  uint64_t atomic_chain;  // most atomics on one address
  uint64_t shared_bytes;  // of a block
};
// The launches in order; returns how many there are, fills at most `room`.
size_t simulated_gpu_launches(struct SimulatedGpuLaunch* launches, size_t room);

// Bytes that copies from the host brought to the device since counting was put on.
uint64_t simulated_gpu_bytes_to_device(void);

#ifdef __cplusplus
}
#endif
