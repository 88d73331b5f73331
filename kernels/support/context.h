#pragma once

#include <cstdint>

#include "kernels/support/device.h"
#include "kernels/support/thread_pool.h"

namespace matinee {

// What an operation needs besides its operands: where it runs, with how many threads.
class Context {
 public:
  Context(Device device, int threads) : device_(device), pool_(threads) {}

  Device device() const { return device_; }
  ThreadPool& pool() { return pool_; }
  int threads() const { return pool_.threads(); }

 private:
  Device device_;
  ThreadPool pool_;
};

// Calls body(begin, end, worker) for consecutive blocks of at most `grain` of 0 .. count-1. The blocks depend on count
// and grain only, never on the number of threads.
template <typename Body>
void parallel_blocks(Context& context, int64_t count, int64_t grain, const Body& body) {
  const int64_t blocks = (count + grain - 1) / grain;
  context.pool().run(blocks, [&](int64_t block, int worker) {
    const int64_t begin = block * grain;
    const int64_t end = begin + grain < count ? begin + grain : count;
    body(begin, end, worker);
  });
}

}  // namespace matinee
