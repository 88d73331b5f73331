#include "check/places.h"

#include <algorithm>

#include "execution/kernel_error.h"
#include "execution/memory.h"
#include "runtime/heap.h"
#include "runtime/pinned_memory.h"
#include "runtime/program.h"

namespace simulated_gpu {
namespace {

// `address - start`, wrapping: below `size` inside.
size_t offset_from(const void* start, uint64_t address) {
  return address - reinterpret_cast<uintptr_t>(start);
}

bool within(const void* start, size_t size, uint64_t address, uint32_t bytes) {
  const size_t offset = offset_from(start, address);
  return offset < size && size - offset >= bytes;
}

const void* pointer(uint64_t address) {
  return reinterpret_cast<const void*>(address);
}

bool in_shared_variable(const Block& block, uint64_t address, uint32_t bytes) {
  for (const SharedVariable& variable : block.launch->shared_variables) {
    if (within(block.shared + variable.offset, variable.bytes, address, bytes)) return true;
  }
  return false;
}

[[noreturn]] void refuse(const char* kind, const WarpAccess& access, uint32_t lane, const char* more = "") {
  throw KernelError(kind, describe_access(access, lane) + more);
}

void check_heap(const WarpAccess& access, uint32_t lane) {
  const uint64_t address = access.address[lane];
  static const Allocation* last = nullptr;  // accesses come in runs
  static uint64_t last_version = 0;
  if (last_version == heap().version() && within(last->base, last->bytes, address, access.bytes)) return;
  const Allocation* allocation = heap().find(pointer(address));
  if (!allocation) refuse(heap().was_freed(pointer(address)) ? "use-after-free" : "out-of-bounds", access, lane);
  if (!allocation->usable) refuse("use-after-free", access, lane, ", not yet allocated in stream order");
  if (!within(allocation->base, allocation->bytes, address, access.bytes)) refuse("out-of-bounds", access, lane);
  last = allocation;
  last_version = heap().version();
}

std::string describe_shared(const Block& block, uint64_t address) {
  const SharedVariable* nearest = nullptr;
  int64_t best = 0;
  for (const SharedVariable& variable : block.launch->shared_variables) {
    const auto offset = int64_t(offset_from(block.shared + variable.offset, address));
    const int64_t outside = offset < 0 ? -offset : std::max<int64_t>(0, offset - variable.bytes + 1);
    if (nearest && outside >= best) continue;
    nearest = &variable;
    best = outside;
  }
  if (!nearest) return "shared memory, of which the block has none";
  const auto offset = int64_t(offset_from(block.shared + nearest->offset, address));
  return "byte " + std::to_string(offset) + " of shared " + demangle(nearest->name) + " (" +
         std::to_string(nearest->bytes) + " bytes)";
}

}  // namespace

Place find_place(const WarpAccess& access, uint32_t lane) {
  const uint64_t address = access.address[lane];
  if ((access.bytes & (access.bytes - 1)) == 0 && (address & (access.bytes - 1)) != 0) {
    refuse("misaligned", access, lane);
  }
  const bool in_shared = offset_from(shared_base(), address) < kSharedSlot * kSharedSlots;
  // Here the address leads where a generic one would have led; on hardware it does not.
  if (access.of_shared && !in_shared) refuse("out-of-bounds", access, lane, ", by an instruction for shared memory");
  if (heap().contains(pointer(address))) {
    check_heap(access, lane);
    return Place::kGlobal;
  }
  const Block& block = *access.block;
  if (in_shared) {
    if (!in_shared_variable(block, address, access.bytes)) refuse("out-of-bounds", access, lane);
    return Place::kShared;
  }
  const Launch& launch = *block.launch;
  if (access.kind == WarpAccess::Kind::kLoad &&
      within(launch.arguments, launch.argument_bytes, address, access.bytes)) {
    return Place::kArgument;
  }
  if (!is_registered(pointer(address), access.bytes)) refuse("host-pointer", access, lane);
  return Place::kRegistered;
}

std::string describe_place(const Block& block, const void* address) {
  const auto number = reinterpret_cast<uint64_t>(address);
  if (offset_from(shared_base(), number) < kSharedSlot * kSharedSlots) return describe_shared(block, number);
  return heap().describe(address);
}

std::string describe_thread(const Geometry& geometry, uint32_t thread, uint64_t block) {
  const auto triple = [](uint64_t linear, dim3 shape) {
    const uint64_t x = linear % shape.x, y = linear / shape.x % shape.y, z = linear / shape.x / shape.y;
    return std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z);
  };
  return "thread (" + triple(thread, geometry.block) + ") of block (" + triple(block, geometry.grid) + ")";
}

std::string describe_access(const WarpAccess& access, uint32_t lane) {
  const char* verb = access.kind == WarpAccess::Kind::kLoad    ? " reads "
                     : access.kind == WarpAccess::Kind::kStore ? " writes "
                                                               : " atomically updates ";
  const Launch& launch = *access.block->launch;
  return describe_thread(launch.geometry, access.warp * kWarpSize + lane, access.block->linear) + verb +
         std::to_string(access.bytes) + " bytes at " + launch.source(access.pc) + ": " +
         describe_place(*access.block, pointer(access.address[lane]));
}

}  // namespace simulated_gpu
