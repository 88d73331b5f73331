#include <mutex>
#include <vector>

#include "execution/memory.h"
#include "execution/reserve.h"
#include "runtime/errors.h"

namespace simulated_gpu {
namespace {

std::mutex slots_lock;
std::vector<unsigned char*>& free_slots() {
  static auto* slots = [] {
    auto* all = new std::vector<unsigned char*>;
    for (size_t i = kSharedSlots; i-- > 0;) all->push_back(shared_base() + i * kSharedSlot);
    return all;
  }();
  return *slots;
}

// The slots of one worker thread; given back when the thread ends.
struct Taken {
  std::vector<unsigned char*> slots;
  ~Taken() {
    const std::lock_guard lock(slots_lock);
    for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) free_slots().push_back(*slot);
  }
};

}  // namespace

unsigned char* shared_base() {
  static unsigned char* base = reserve<unsigned char>(kSharedSlot * kSharedSlots);
  return base;
}

unsigned char* shared_slot(size_t i) {
  static thread_local Taken taken;
  while (taken.slots.size() <= i) {
    const std::lock_guard lock(slots_lock);
    if (free_slots().empty()) stop_unsupported("more than 1024 blocks in flight");
    taken.slots.push_back(free_slots().back());
    free_slots().pop_back();
  }
  return taken.slots[i];
}

}  // namespace simulated_gpu
