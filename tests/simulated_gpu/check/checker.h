#pragma once

#include <cstddef>

#include "check/order.h"
#include "check/races.h"
#include "execution/monitor.h"

namespace simulated_gpu {

// Checks every access of a launch: place, alignment, initialisation, races. Other operations tell their ranges.
class Checker final : public Monitor {
 public:
  Checker();

  void launch_begin(const Launch& launch) override;
  void block_begin(Block& block) override;
  void block_end(Block& block) override { order_.block_end(block); }
  void block_sync(Block& block) override { order_.barrier(block); }
  void warp_sync(Block& block, uint32_t warp, uint32_t lanes) override { order_.warp_sync(block, warp, lanes); }
  void fence(Block& block, uint32_t, uint32_t) override { order_.fence(block); }
  void access(const WarpAccess& access) override;

  // A copy, a set or a library accesses a range of the heap.
  void range(const void* address, size_t bytes, bool writes) { races_.range(address, bytes, writes); }

 private:
  uint8_t* written(const void* address, bool shared) const;
  void access_lane(const WarpAccess& access, uint32_t lane);

  Order order_;
  Races races_;
  uint8_t* shared_written_;  // for each byte of shared memory, as the shadow of the heap
};

}  // namespace simulated_gpu
