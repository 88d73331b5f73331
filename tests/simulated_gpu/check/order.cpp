#include "check/order.h"

#include <algorithm>

namespace simulated_gpu {
BlockTime::BlockTime(const Block& block) : warps((block.threads + kWarpSize - 1) / kWarpSize) {
  for (size_t i = 0; i < warps.size(); ++i) {
    std::fill(std::begin(warps[i].clock), std::end(warps[i].clock), 1u);
    const uint32_t threads = block.threads - uint32_t(i) * kWarpSize;
    warps[i].lanes = threads >= kWarpSize ? ~0u : (1u << threads) - 1;
  }
}

void Order::launch_begin() {
  times_.clear();
  acquired_.clear();
  released_.clear();
}

void Order::block_begin(Block& block) {
  auto& time = times_[&block];
  time = std::make_unique<BlockTime>(block);
  block.monitor_state = time.get();
}

void Order::block_end(Block& block) {
  times_.erase(&block);
  block.monitor_state = nullptr;
}

void Order::barrier(Block& block) {
  ++time(block).interval;
}

void Order::warp_sync(Block& block, uint32_t index, uint32_t lanes) {
  BlockTime::Warp& warp = time(block).warps[index];
  if (lanes == warp.lanes) {  // the whole warp: no need to know lane by lane
    warp.all_known = *std::max_element(std::begin(warp.clock), std::end(warp.clock)) + 1;
    std::fill(std::begin(warp.clock), std::end(warp.clock), warp.all_known);
    return;
  }
  uint32_t joint[kWarpSize] = {};
  for (uint32_t lane = 0; lane < kWarpSize; ++lane) {
    if (!(lanes >> lane & 1)) continue;
    for (uint32_t other = 0; other < kWarpSize; ++other) joint[other] = std::max(joint[other], warp.known[lane][other]);
    joint[lane] = std::max(joint[lane], warp.clock[lane]);
  }
  for (uint32_t lane = 0; lane < kWarpSize; ++lane) {
    if (!(lanes >> lane & 1)) continue;
    std::copy(std::begin(joint), std::end(joint), warp.known[lane]);
    ++warp.clock[lane];
  }
}

void Order::fence(Block& block) {
  time(block).fenced = true;
}

void Order::strong_access(Block& block, uint64_t address, bool writes, bool release) {
  const auto join = [](Known& to, const Known& from) {
    for (const auto& [other, interval] : from) to[other] = std::max(to[other], interval);
  };
  Known& at = released_[address];
  Known& mine = acquired_[short_index(block)];
  join(mine, at);
  if (!writes || !(release || time(block).fenced)) return;
  join(at, mine);
  uint32_t& interval = at[short_index(block)];
  interval = std::max(interval, time(block).interval & Record::kTimeMask);
}

bool Order::is_known_from(uint32_t other_block, uint32_t interval, const Block& block) const {
  const auto mine = acquired_.find(short_index(block));
  if (mine == acquired_.end()) return false;
  const auto known = mine->second.find(other_block);
  return known != mine->second.end() && interval <= known->second;
}

}  // namespace simulated_gpu
