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

}  // namespace

struct Races::Now {
  const WarpAccess& access;
  uint32_t lane;
  bool shared;
  const Order& order;
  Record record;
  uint64_t address;  // of the word's first byte that is accessed

  bool writes() const { return access.kind != WarpAccess::Kind::kLoad; }
  bool after(const Record& earlier) const { return order.is_before(earlier, *access.block, access.warp, lane); }
};

Races::Races() : shared_(reserve<Cell>(kSharedSlot * kSharedSlots / 4)) {
  if (!global_cells) global_cells = reserve<Cell>(Heap::kReserved / 4);
}

// Of this launch, of this block where the memory is the block's, on the same bytes, and not both strong.
bool Races::matters(const Record& earlier, const Now& now) const {
  if (!earlier.valid() || earlier.launch() != now.record.launch()) return false;
  if (now.shared && earlier.block() != now.record.block()) return false;
  if (!(earlier.byte_mask() & now.record.byte_mask())) return false;
  return !(earlier.strong() && now.record.strong());
}

void Races::report(const Record& earlier, const Now& now, const char* what) const {
  const Block& block = *now.access.block;
  const Launch& launch = *block.launch;
  const uint32_t thread = now.access.warp * kWarpSize + now.lane;
  throw KernelError("race", std::string(what) + " of " +
                                describe_place(block, reinterpret_cast<const void*>(now.address)) + ": " +
                                describe_thread(launch, earlier.thread(), earlier.block()) + " at " +
                                launch.source(earlier.pc()) + " and " + describe_thread(launch, thread, block.linear) +
                                " at " + launch.source(now.access.pc) + ", nothing orders them");
}

// Keeps two readers that the next writer may not be ordered with, as far apart as can be.
void Races::remember_read(Cell& cell, const Now& now) const {
  Record& first = cell.reads[0];
  Record& second = cell.reads[1];
  const auto replaceable = [&](const Record& read) {
    return !read.valid() || read.launch() != now.record.launch() ||
           (now.shared && read.block() != now.record.block()) || now.after(read);
  };
  const bool same_warp = second.block() == first.block() && second.thread() / kWarpSize == first.thread() / kWarpSize;
  if (replaceable(first)) {
    first = now.record;
  } else if (replaceable(second) || same_warp) {
    second = now.record;
  }
}

void Races::check_word(Cell& cell, const Now& now) const {
  if (cell.write != now.record && matters(cell.write, now) && !now.after(cell.write)) {
    report(cell.write, now, now.writes() ? "write after write" : "read after write");
  }
  if (!now.writes()) return remember_read(cell, now);
  for (Record& read : cell.reads) {
    if (!matters(read, now)) continue;
    if (!now.after(read)) report(read, now, "write after read");
    read = Record();
  }
  cell.write = now.record;
}

void Races::access(const WarpAccess& access, uint32_t lane, bool shared, const Order& order) {
  const uint64_t address = access.address[lane];
  const BlockTime& time = Order::time(*access.block);
  const uint64_t offset = address - reinterpret_cast<uintptr_t>(shared ? shared_base() : heap().base());
  Cell* cells = shared ? shared_ : global_cells;
  for (uint32_t done = 0; done < access.bytes;) {
    const uint32_t first = uint32_t((offset + done) & 3), count = std::min(access.bytes - done, 4 - first);
    const Record record(launch_, access.block->linear, access.warp * kWarpSize + lane, ((1u << count) - 1) << first,
                        access.strong, time.interval, time.warps[access.warp].clock[lane], access.pc);
    check_word(cells[(offset + done) / 4], Now{access, lane, shared, order, record, address + done});
    done += count;
  }
}

void forget_races(const void* address, size_t bytes) {
  if (!global_cells || !heap().contains(address)) return;
  const auto offset = size_t(static_cast<const unsigned char*>(address) - heap().base());
  drop_pages(global_cells + offset / 4, bytes / 4 * sizeof(Cell));
}

}  // namespace simulated_gpu
