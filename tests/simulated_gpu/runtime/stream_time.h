#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace simulated_gpu {

// Logical time of issued work: which operations are known to come before another, by stream order, events, graphs and
// the host's waits, whatever order they happen to run in. Operations are put into lanes that are ordered in
// themselves; a clock holds for each lane the position up to which everything comes before.
class StreamClock {
 public:
  uint64_t at(size_t lane) const { return lane < positions_.size() ? positions_[lane] : 0; }
  void set(size_t lane, uint64_t position);
  void join(const StreamClock& other);

 private:
  std::vector<uint64_t> positions_;
};

struct StreamTime {
  size_t lane = 0;
  uint64_t position = 0;  // from 1; 0: no time yet
  StreamClock clock;      // with its own position

  bool is_after(size_t other_lane, uint64_t other_position) const { return clock.at(other_lane) >= other_position; }
};

// The time of a new operation that comes after those given and after everything the host has waited for.
StreamTime next_time(const std::vector<const StreamTime*>& after);

// The host has waited for it, or for everything issued.
void host_waited_for(const StreamTime& time);
void host_waited_for_everything();

}  // namespace simulated_gpu
