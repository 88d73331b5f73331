#include "runtime/stream_time.h"

#include <algorithm>

namespace simulated_gpu {
namespace {

struct Times {
  StreamClock host;
  std::vector<uint64_t> last;  // position in each lane
};
Times& times() {
  static auto* all = new Times;
  return *all;
}

// A lane whose last operation comes before everything that has this clock; a new one where there is none.
size_t free_lane(const StreamClock& clock) {
  for (size_t lane = 0; lane < times().last.size(); ++lane) {
    if (clock.at(lane) == times().last[lane]) return lane;
  }
  times().last.push_back(0);
  return times().last.size() - 1;
}

}  // namespace

void StreamClock::set(size_t lane, uint64_t position) {
  if (lane >= positions_.size()) positions_.resize(lane + 1);
  positions_[lane] = position;
}

void StreamClock::join(const StreamClock& other) {
  if (other.positions_.size() > positions_.size()) positions_.resize(other.positions_.size());
  for (size_t lane = 0; lane < other.positions_.size(); ++lane) {
    positions_[lane] = std::max(positions_[lane], other.positions_[lane]);
  }
}

StreamTime next_time(const std::vector<const StreamTime*>& after) {
  StreamTime time;
  time.clock = times().host;
  for (const StreamTime* before : after) time.clock.join(before->clock);
  time.lane = free_lane(time.clock);
  time.position = ++times().last[time.lane];
  time.clock.set(time.lane, time.position);
  return time;
}

void host_waited_for(const StreamTime& time) {
  times().host.join(time.clock);
}

void host_waited_for_everything() {
  for (size_t lane = 0; lane < times().last.size(); ++lane) times().host.set(lane, times().last[lane]);
}

}  // namespace simulated_gpu
