// The machine: blocks of warps, their registers and where each lane is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "execution/identity.h"
#include "execution/kernel_error.h"
#include "ptx/program.h"

namespace simulated_gpu::ptx {

struct ThreadBlock;

// Lanes of a warp that are at the same instruction. The fragments of a warp share no lane; those that come to the same
// place merge, so that code without divergence runs as one.
struct Fragment {
  enum class State : u8 { kRunning, kAtBarrier, kAtCollective };
  u32 lanes = 0, pc = 0;
  State state = State::kRunning;
  std::vector<u32> calls;  // instructions to return to
  u32 barrier = 0, barrier_threads = 0;
};

// A cp.async that has not happened yet.
struct PendingCopy {
  u64 to, from;
  u32 bytes, zeros;  // zeros follow the bytes
  u32 lane;
  u32 pc;
};

struct Warp {
  unsigned char* registers = nullptr;
  u32 mask = 0;                    // lanes that the current instruction works for
  alignas(32) s32 mask_row[32]{};  // the same, -1 or 0 for each lane; stale while the mask is full
  ThreadBlock* block = nullptr;
  u32 index = 0;  // in the block
  u32 live = 0;   // lanes that have not exited
  u32 pc = 0;     // of the current instruction
  u32 carry = 0;  // condition code of extended-precision arithmetic, a bit for each lane
  bool yield = false;
  u64 apart = 0;  // instructions since its lanes were last together or let each other on
  std::vector<Fragment> fragments;

  unsigned char* local = nullptr;                    // local memory: lane after lane
  unsigned char* call_parameters = nullptr;          // the same
  size_t local_bytes = 0, call_parameter_bytes = 0;  // of a lane
  std::vector<unsigned char> storage;                // of all these

  std::vector<PendingCopy> copies;  // not committed yet
  std::vector<std::vector<PendingCopy>> copy_groups;
  InstructionCounts counts;
};

struct ThreadBlock {
  Block identity;  // never moves: the monitor holds on to it
  const struct KernelRun* run = nullptr;
  u64 run_id = 0;  // the run that its registers were set up for
  std::vector<Warp> warps;
  u32 alive = 0;         // threads
  u32 arrived[16] = {};  // threads at each barrier
  u64 barriers = 0;
  u64 clock = 0;  // what %clock shows: grows with every look
};

// One launch.
struct KernelRun {
  const Kernel* kernel;
  Launch launch;
  std::vector<unsigned char> arguments;
  unsigned char* grid_workspace = nullptr;  // where cooperative groups synchronise the grid
  u64 id = 0;
};

[[noreturn]] void stop(const char* kind, const std::string& message);
// "thread (1,0,0) of block (0,0,0) at file.cu:12"
std::string thread_at(const Warp&, u32 lane);
std::string source_of(const Warp&, u32 pc);

}  // namespace simulated_gpu::ptx
