#include "runtime/heap.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "check/races.h"
#include "check/shadow.h"
#include "execution/kernel_error.h"
#include "execution/memory.h"
#include "execution/reserve.h"
#include "runtime/device_model.h"
#include "runtime/errors.h"

namespace simulated_gpu {
namespace {

constexpr size_t kAlignment = 256;  // of cudaMalloc
constexpr size_t kGuard = 512;
constexpr unsigned char kPoison = 0xff, kGuardByte = 0xcb;
constexpr size_t kPoisonAtEnds = size_t{64} << 20;  // of larger allocations only so much at either end

using Allocations = std::map<const unsigned char*, Allocation>;
Allocations& live_allocations() {
  static auto* all = new Allocations;
  return *all;
}
Allocations& freed_allocations() {
  static auto* all = new Allocations;
  return *all;
}

const Allocation* containing(const Allocations& all, const void* address) {
  auto after = all.upper_bound(static_cast<const unsigned char*>(address));
  if (after == all.begin()) return nullptr;
  const Allocation& candidate = std::prev(after)->second;
  return static_cast<const unsigned char*>(address) < candidate.base + candidate.bytes ? &candidate : nullptr;
}

std::string name_of(const Allocation& allocation) {
  const char* kind = allocation.kind == MemoryKind::kDevice   ? "device buffer"
                     : allocation.kind == MemoryKind::kPinned ? "pinned buffer"
                                                              : "module variable";
  return std::string(kind) + " of " + std::to_string(allocation.bytes) + " bytes (allocation " +
         std::to_string(allocation.number) + ")";
}

void poison(unsigned char* base, size_t bytes) {
  if (bytes <= 4 * kPoisonAtEnds) {
    std::memset(base, kPoison, bytes);
  } else {
    std::memset(base, kPoison, kPoisonAtEnds);
    std::memset(base + bytes - kPoisonAtEnds, kPoison, kPoisonAtEnds);
  }
}

bool guard_is_whole(const Allocation& allocation) {
  const unsigned char* guard = allocation.base + allocation.bytes;
  return std::all_of(guard, guard + kGuard, [](unsigned char byte) { return byte == kGuardByte; });
}

}  // namespace

Heap::Heap() : base_(reserve<unsigned char>(kReserved)), top_(kGuard), capacity_(device_model().memory) {}

unsigned char* Heap::allocate(size_t bytes, MemoryKind kind) {
  const size_t taken = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  const size_t start = (top_ + kAlignment - 1) / kAlignment * kAlignment;
  if (kind != MemoryKind::kPinned && (taken > capacity_ || used_ > capacity_ - taken)) return nullptr;
  if (taken > kReserved || start + taken + 2 * kGuard > kReserved) stop_unsupported("allocating 4 TiB in one process");
  Allocation made{base_ + start, bytes, kind, ++allocations_, true};
  top_ = start + bytes + kGuard;
  ++version_;
  if (kind != MemoryKind::kPinned) used_ += taken;
  if (kind != MemoryKind::kInternal) poison(made.base, bytes);
  std::memset(made.base + bytes, kGuardByte, kGuard);
  if (kind != MemoryKind::kDevice) shadow_mark_written(made.base, bytes);
  live_allocations()[made.base] = made;
  return made.base;
}

bool Heap::release(void* address, MemoryKind kind) {
  const auto found = live_allocations().find(static_cast<unsigned char*>(address));
  if (found == live_allocations().end() || found->second.kind != kind) return false;
  const Allocation gone = found->second;
  const bool whole = guard_is_whole(gone);
  if (kind != MemoryKind::kPinned) used_ -= (gone.bytes + kAlignment - 1) / kAlignment * kAlignment;
  ++version_;
  freed_allocations()[gone.base] = gone;
  live_allocations().erase(found);
  poison(gone.base, gone.bytes);
  drop_pages(gone.base, gone.bytes);
  shadow_forget(gone.base, gone.bytes);
  forget_races(gone.base, gone.bytes);
  if (!whole) throw KernelError("guard", "something wrote behind the end of the " + name_of(gone));
  return true;
}

const Allocation* Heap::find(const void* address) const {
  return containing(live_allocations(), address);
}

void Heap::set_usable(const void* base, bool usable) {
  const auto found = live_allocations().find(static_cast<const unsigned char*>(base));
  if (found != live_allocations().end()) {
    found->second.usable = usable;
    ++version_;
  }
}

size_t Heap::room(const void* address) const {
  const Allocation* allocation = find(address);
  return allocation ? size_t(allocation->base + allocation->bytes - static_cast<const unsigned char*>(address)) : 0;
}

bool Heap::was_freed(const void* address) const {
  return !find(address) && containing(freed_allocations(), address) != nullptr;
}

std::string Heap::describe(const void* address) const {
  const auto* byte = static_cast<const unsigned char*>(address);
  if (!contains(address)) return "an address outside device memory";
  if (const Allocation* inside = find(address)) {
    return "byte " + std::to_string(byte - inside->base) + " of the " + name_of(*inside);
  }
  if (const Allocation* freed = containing(freed_allocations(), address)) {
    return "byte " + std::to_string(byte - freed->base) + " of the freed " + name_of(*freed);
  }
  const auto after = live_allocations().upper_bound(byte);
  if (after == live_allocations().begin()) return "device memory that was never allocated";
  const Allocation& before = std::prev(after)->second;
  const size_t behind = size_t(byte - before.base) - before.bytes;
  if (after != live_allocations().end() && size_t(after->first - byte) < behind) {
    return std::to_string(after->first - byte) + " bytes before the " + name_of(after->second);
  }
  return std::to_string(behind) + " bytes behind the " + name_of(before);
}

std::vector<Allocation> Heap::live(MemoryKind kind) const {
  std::vector<Allocation> found;
  for (const auto& [base, allocation] : live_allocations()) {
    if (allocation.kind == kind) found.push_back(allocation);
  }
  return found;
}

std::vector<std::string> Heap::damaged_guards() const {
  std::vector<std::string> found;
  for (const auto& [base, allocation] : live_allocations()) {
    if (!guard_is_whole(allocation)) found.push_back(name_of(allocation));
  }
  return found;
}

bool heap_in_use() {
  return !live_allocations().empty() || !freed_allocations().empty();
}

void* allocate_internal(size_t bytes) {
  unsigned char* memory = heap().allocate(bytes, MemoryKind::kInternal);
  if (memory) std::memset(memory, 0, bytes);
  return memory;
}

void free_internal(void* memory) {
  heap().release(memory, MemoryKind::kInternal);
}

}  // namespace simulated_gpu
