#pragma once

#include <cstdint>

namespace simulated_gpu {

// One access to a 4-byte word of memory, as it is remembered: who, when, which bytes, where in the program.
class Record {
 public:
  static constexpr uint32_t kBlockMask = (1u << 24) - 1;
  static constexpr uint32_t kTimeMask = (1u << 20) - 1;
  static constexpr uint32_t kMostTasks = (1u << 24) - 1;

  Record() = default;
  Record(uint32_t task, uint64_t block, uint32_t thread, uint32_t byte_mask, bool strong, uint32_t interval,
         uint32_t clock, uint32_t pc)
      : who_(uint64_t{1} | uint64_t{strong} << 1 | uint64_t{byte_mask} << 2 | uint64_t{thread} << 6 |
             uint64_t{block & kBlockMask} << 16 | uint64_t{task} << 40),
        when_(uint64_t{interval & kTimeMask} | uint64_t{clock & kTimeMask} << 20 | uint64_t{pc} << 40) {}

  bool valid() const { return who_ & 1; }
  bool strong() const { return who_ & 2; }
  uint32_t byte_mask() const { return uint32_t(who_ >> 2 & 15); }
  uint32_t thread() const { return uint32_t(who_ >> 6 & 1023); }
  uint32_t block() const { return uint32_t(who_ >> 16 & kBlockMask); }
  uint32_t task() const { return uint32_t(who_ >> 40); }
  uint32_t interval() const { return uint32_t(when_ & kTimeMask); }
  uint32_t clock() const { return uint32_t(when_ >> 20 & kTimeMask); }
  uint32_t pc() const { return uint32_t(when_ >> 40); }
  bool operator==(const Record&) const = default;

 private:
  uint64_t who_ = 0, when_ = 0;
};

// What is remembered of a word: the last write, and two reads since.
struct Cell {
  Record write, reads[2];
};

}  // namespace simulated_gpu
