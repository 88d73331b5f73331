#pragma once

#include <cstddef>
#include <cstdint>

#include "check/order.h"
#include "check/record.h"
#include "check/tasks.h"
#include "execution/monitor.h"

namespace simulated_gpu {

// Finds two accesses to the same bytes, one of them a write, not both strong, that nothing orders: within a kernel, and
// between operations in different streams.
class Races {
 public:
  Races();

  // A kernel begins, or another operation that accesses ranges.
  void enter(const Launch* launch) { tasks_.enter(launch); }

  // One lane of a kernel's access; `shared`: in shared memory, else in the heap. Throws KernelError("race").
  void access(const WarpAccess& access, uint32_t lane, bool shared, const Order& order);
  // A range of the heap, by an operation that is no kernel.
  void range(const void* address, size_t bytes, bool writes);

 private:
  // The access at hand.
  struct Now {
    Record record;
    bool writes = false, shared = false;
    const unsigned char* address = nullptr;  // of the first byte in the word that is accessed
    // Of a kernel:
    const Order* order = nullptr;
    const Block* block = nullptr;
    uint32_t warp = 0, lane = 0;
  };
  bool is_ordered(const Record& earlier, const Now& now);
  bool matters(const Record& earlier, const Now& now) const;
  void check_word(Cell& cell, const Now& now);
  void remember_read(Cell& cell, const Now& now);
  [[noreturn]] void report(const Record& earlier, const Now& now, const char* what) const;

  Cell* shared_;  // one for each 4 bytes of shared memory
  Tasks tasks_;
};

// The memory was freed: what is remembered of it is given back.
void forget_races(const void* address, size_t bytes);

}  // namespace simulated_gpu
