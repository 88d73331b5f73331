#pragma once

#include <cstddef>
#include <cstdint>

#include "check/order.h"
#include "check/record.h"
#include "execution/monitor.h"

namespace simulated_gpu {

// Finds two accesses of one launch to the same bytes, one of them a write, not both strong, that nothing orders.
class Races {
 public:
  Races();
  void launch_begin() { ++launch_; }
  // One lane of the access; `shared`: in shared memory, else in the heap. Throws KernelError("race").
  void access(const WarpAccess& access, uint32_t lane, bool shared, const Order& order);

 private:
  struct Now;  // the access at hand
  bool matters(const Record& earlier, const Now& now) const;
  void check_word(Cell& cell, const Now& now) const;
  void remember_read(Cell& cell, const Now& now) const;
  [[noreturn]] void report(const Record& earlier, const Now& now, const char* what) const;

  Cell* shared_;  // one for each 4 bytes of shared memory
  uint32_t launch_ = 0;
};

// The memory was freed: what is remembered of it is given back.
void forget_races(const void* address, size_t bytes);

}  // namespace simulated_gpu
