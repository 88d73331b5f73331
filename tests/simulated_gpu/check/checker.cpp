#include "check/checker.h"

#include <cstring>
#include <string>

#include "check/places.h"
#include "check/shadow.h"
#include "execution/kernel_error.h"
#include "execution/memory.h"
#include "execution/reserve.h"

namespace simulated_gpu {
namespace {

// Whether all bytes were written, for the sizes that kernels use.
bool all_written(const uint8_t* state, uint32_t bytes) {
  constexpr uint64_t kFlags = 0x0101010101010101u;
  switch (bytes) {
    case 1:
      return *state == 1;
    case 4: {
      uint32_t four;
      std::memcpy(&four, state, 4);
      return four == uint32_t(kFlags);
    }
    case 8: {
      uint64_t eight;
      std::memcpy(&eight, state, 8);
      return eight == kFlags;
    }
    default:
      return std::memchr(state, 0, bytes) == nullptr;
  }
}

// `state`: 1 for each byte that was written. An atomic update reads what is there.
void check_written(const WarpAccess& access, uint32_t lane, uint8_t* state) {
  if (access.kind == WarpAccess::Kind::kStore) {
    std::memset(state, 1, access.bytes);
  } else if (!all_written(state, access.bytes)) {
    const void* raw = std::memchr(state, 0, access.bytes);
    throw KernelError("uninitialised", describe_access(access, lane) + ", byte " +
                                           std::to_string(static_cast<const uint8_t*>(raw) - state) +
                                           " of them was never written");
  }
}

}  // namespace

Checker::Checker() : shared_written_(reserve<uint8_t>(kSharedSlot * kSharedSlots)) {
  shadow_enable();
}

void Checker::launch_begin(const Launch& launch) {
  order_.launch_begin();
  races_.enter(&launch);
}

void Checker::block_begin(Block& block) {
  order_.block_begin(block);
  for (const SharedVariable& variable : block.launch->shared_variables) {
    std::memset(written(block.shared + variable.offset, true), 0, variable.bytes);
  }
}

void Checker::access(const WarpAccess& access) {
  for (uint32_t lane = 0; lane < kWarpSize; ++lane) {
    if (access.lanes >> lane & 1) access_lane(access, lane);
  }
}

uint8_t* Checker::written(const void* address, bool shared) const {
  return shared ? shared_written_ + (static_cast<const unsigned char*>(address) - shared_base()) : shadow_of(address);
}

void Checker::access_lane(const WarpAccess& access, uint32_t lane) {
  const Place place = find_place(access, lane);
  if (place == Place::kArgument || place == Place::kRegistered) return;
  const bool shared = place == Place::kShared;
  if (access.strong) {
    order_.strong_access(*access.block, access.address[lane], access.kind != WarpAccess::Kind::kLoad, access.release);
  }
  races_.access(access, lane, shared, order_);
  check_written(access, lane, written(reinterpret_cast<const void*>(access.address[lane]), shared));
}

}  // namespace simulated_gpu
