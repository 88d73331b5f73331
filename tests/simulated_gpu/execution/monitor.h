#pragma once

#include <cstdint>

#include "execution/counts.h"
#include "execution/identity.h"

namespace simulated_gpu {

// One memory instruction of a warp: every lane in `lanes` accesses `bytes` bytes at address[lane].
// Addresses are host addresses: of device memory, of a block's shared memory, of the parameter buffer.
struct WarpAccess {
  enum class Kind : uint8_t { kLoad, kStore, kAtomic };  // kAtomic: read-modify-write
  Block* block = nullptr;
  uint32_t warp = 0;
  uint32_t lanes = 0;
  const uint64_t* address = nullptr;  // 32 of them
  uint32_t bytes = 0;
  Kind kind = Kind::kLoad;
  bool strong = false;     // volatile, relaxed, acquire, release or atomic: does not race with another strong one
  bool release = false;    // has release semantics of its own
  bool of_shared = false;  // by an instruction for shared memory alone
  uint32_t pc = 0;
};

// What watches a launch. The executor calls it from one thread while one is installed. A member may throw KernelError:
// the executor stops the launch and lets it pass.
struct Monitor {
  virtual ~Monitor() = default;
  virtual void launch_begin(const Launch&) {}
  virtual void launch_end(const Launch&, const InstructionCounts&) {}  // not called where the launch failed
  virtual void block_begin(Block&) {}
  virtual void block_end(Block&) {}
  virtual void block_sync(Block&) {}                                        // all threads met in a barrier
  virtual void warp_sync(Block&, uint32_t /*warp*/, uint32_t /*lanes*/) {}  // lanes met in a collective
  virtual void fence(Block&, uint32_t /*warp*/, uint32_t /*lanes*/) {}      // __threadfence and stronger
  virtual void access(const WarpAccess&) {}                                 // before the memory is touched
};

// The one installed, or null: the executor then may use several threads.
Monitor* monitor();

}  // namespace simulated_gpu
