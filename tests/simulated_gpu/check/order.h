#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "check/record.h"
#include "execution/identity.h"

namespace simulated_gpu {

// Logical time within one block: barrier intervals for the block, clocks for the lanes of a warp.
struct BlockTime {
  explicit BlockTime(const Block& block);

  struct Warp {
    uint32_t all_known = 1;                     // accesses with a smaller clock are known to every lane
    uint32_t clock[kWarpSize];                  // of each lane
    uint32_t known[kWarpSize][kWarpSize] = {};  // [lane][other]: the other's clock up to which the lane knows
    uint32_t lanes = 0;                         // that exist
  };
  std::vector<Warp> warps;
  uint32_t interval = 1;  // between two barriers
  bool fenced = false;    // some thread of the block has executed a fence
};

// What is ordered before what, by barriers, warp synchronisation, and fences with atomics between blocks.
class Order {
 public:
  void launch_begin();
  void block_begin(Block& block);
  void block_end(Block& block);
  void barrier(Block& block);
  void warp_sync(Block& block, uint32_t warp, uint32_t lanes);
  void fence(Block& block);
  // A strong access: acquires what was released at the address; releases where it writes after a fence.
  void strong_access(Block& block, uint64_t address, bool writes, bool release);

  // Whether the recorded access happened before anything that this thread does now.
  bool is_before(const Record& record, const Block& block, uint32_t warp, uint32_t lane) const;

  static BlockTime& time(const Block& block) { return *static_cast<BlockTime*>(block.monitor_state); }

 private:
  // Whether the block has acquired what another did in that interval.
  bool is_known_from(uint32_t other_block, uint32_t interval, const Block& block) const;

  using Known = std::unordered_map<uint32_t, uint32_t>;  // block -> its barrier interval up to which all is known
  std::unordered_map<const Block*, std::unique_ptr<BlockTime>> times_;
  std::unordered_map<uint32_t, Known> acquired_;  // by block
  std::unordered_map<uint64_t, Known> released_;  // by address
};

inline uint32_t short_index(const Block& block) {
  return uint32_t(block.linear & Record::kBlockMask);
}

inline bool Order::is_before(const Record& record, const Block& block, uint32_t warp_index, uint32_t lane) const {
  if (record.block() != short_index(block)) return is_known_from(record.block(), record.interval(), block);
  const BlockTime& now = time(block);
  if (record.interval() != (now.interval & Record::kTimeMask)) return true;
  if (record.thread() / kWarpSize != warp_index) return false;
  const uint32_t other = record.thread() % kWarpSize;
  if (other == lane) return true;
  const BlockTime::Warp& warp = now.warps[warp_index];
  return record.clock() < warp.all_known || record.clock() <= warp.known[lane][other];
}

}  // namespace simulated_gpu
