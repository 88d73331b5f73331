#include "check/races.h"

#include <algorithm>

#include "check/places.h"
#include "execution/kernel_error.h"
#include "execution/memory.h"
#include "execution/reserve.h"
#include "runtime/heap.h"

namespace simulated_gpu {
namespace {

Cell* global_cells = nullptr;  // one for each 4 bytes of the heap; null until the checks are on

// The words that [offset, offset + bytes) touches, each with a mask of its bytes, and how far it is from the start.
template <typename Use>
void for_each_word(size_t offset, size_t bytes, Use use) {
  for (size_t done = 0; done < bytes;) {
    const size_t first = (offset + done) & 3, count = std::min(bytes - done, 4 - first);
    use((offset + done) / 4, uint32_t(((1u << count) - 1) << first), done);
    done += count;
  }
}

}  // namespace

Races::Races() : shared_(reserve<Cell>(kSharedSlot * kSharedSlots / 4)) {
  if (!global_cells) global_cells = reserve<Cell>(Heap::kReserved / 4);
}

// On the same bytes, and not both strong. Shared memory is a new one for every block.
inline bool Races::matters(const Record& earlier, const Now& now) const {
  if (!earlier.valid() || !(earlier.byte_mask() & now.record.byte_mask())) return false;
  if (now.shared && (earlier.task() != now.record.task() || earlier.block() != now.record.block())) return false;
  return !(earlier.strong() && now.record.strong());
}

inline bool Races::is_ordered(const Record& earlier, const Now& now) {
  if (earlier.task() != now.record.task()) return tasks_.is_before_current(earlier.task());
  return !now.order || now.order->is_before(earlier, *now.block, now.warp, now.lane);
}

void Races::report(const Record& earlier, const Now& now, const char* what) const {
  const bool same_task = earlier.task() == now.record.task();
  const std::string place = now.block ? describe_place(*now.block, now.address) : heap().describe(now.address);
  throw KernelError("race", std::string(what) + " of " + place + ": " + tasks_.describe(earlier) +
                                (same_task ? "" : " (" + tasks_.name(earlier.task()) + ")") + " and " +
                                tasks_.describe(now.record) +
                                (same_task ? ", nothing orders them" : ", no stream, event or wait orders the two"));
}

// Keeps two readers that the next writer may not be ordered with, as far apart as can be.
inline void Races::remember_read(Cell& cell, const Now& now) {
  Record& first = cell.reads[0];
  Record& second = cell.reads[1];
  const auto replaceable = [&](const Record& read) {
    const bool of_another_block = read.task() != now.record.task() || read.block() != now.record.block();
    return !read.valid() || (now.shared && of_another_block) || is_ordered(read, now);
  };
  const bool same_warp = second.task() == first.task() && second.block() == first.block() &&
                         second.thread() / kWarpSize == first.thread() / kWarpSize;
  if (replaceable(first)) {
    first = now.record;
  } else if (replaceable(second) || same_warp) {
    second = now.record;
  }
}

inline void Races::check_word(Cell& cell, const Now& now) {
  if (cell.write != now.record && matters(cell.write, now) && !is_ordered(cell.write, now)) {
    report(cell.write, now, now.writes ? "write after write" : "read after write");
  }
  if (!now.writes) return remember_read(cell, now);
  for (Record& read : cell.reads) {
    if (!matters(read, now)) continue;
    if (!is_ordered(read, now)) report(read, now, "write after read");
    read = Record();
  }
  cell.write = now.record;
}

void Races::access(const WarpAccess& access, uint32_t lane, bool shared, const Order& order) {
  const Block& block = *access.block;
  const BlockTime& time = Order::time(block);
  const auto* address = reinterpret_cast<const unsigned char*>(access.address[lane]);
  const auto offset = size_t(address - (shared ? shared_base() : heap().base()));
  Cell* cells = shared ? shared_ : global_cells;
  for_each_word(offset, access.bytes, [&](size_t word, uint32_t mask, size_t done) {
    const Record record(tasks_.current(), block.linear, access.warp * kWarpSize + lane, mask, access.strong,
                        time.interval, time.warps[access.warp].clock[lane], access.pc);
    check_word(cells[word], Now{record, access.kind != WarpAccess::Kind::kLoad, shared, address + done, &order, &block,
                                access.warp, lane});
  });
}

void Races::range(const void* start, size_t bytes, bool writes) {
  tasks_.enter(nullptr);
  const auto* address = static_cast<const unsigned char*>(start);
  for_each_word(size_t(address - heap().base()), bytes, [&](size_t word, uint32_t mask, size_t done) {
    const Record record(tasks_.current(), 0, 0, mask, false, 0, 0, 0);
    check_word(global_cells[word], Now{record, writes, false, address + done, nullptr, nullptr, 0, 0});
  });
}

void forget_races(const void* address, size_t bytes) {
  if (!global_cells || !heap().contains(address)) return;
  const auto offset = size_t(static_cast<const unsigned char*>(address) - heap().base());
  drop_pages(global_cells + offset / 4, bytes / 4 * sizeof(Cell));
}

}  // namespace simulated_gpu
