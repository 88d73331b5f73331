#pragma once

#include "ptx/number_types.h"

namespace simulated_gpu::ptx {

// xorshift64: for choices of the schedule, not for statistics.
class Random {
 public:
  explicit Random(u64 seed) : state_(seed * 0x9e3779b97f4a7c15ull + 88172645463325252ull) {
    if (state_ == 0) state_ = 1;
  }
  u64 below(u64 limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ % limit;
  }

 private:
  u64 state_;
};

}  // namespace simulated_gpu::ptx
