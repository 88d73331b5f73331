#include "check/checker.h"

#include <cstring>

#include "check/order.h"
#include "check/places.h"
#include "check/races.h"
#include "check/shadow.h"
#include "execution/kernel_error.h"
#include "execution/memory.h"
#include "execution/reserve.h"

namespace simulated_gpu {
namespace {

class Checker final : public Monitor {
 public:
  Checker() : shared_written_(reserve<uint8_t>(kSharedSlot * kSharedSlots)) { shadow_enable(); }

  void launch_begin(const Launch&) override {
    order_.launch_begin();
    races_.launch_begin();
  }
  void block_begin(Block& block) override {
    order_.block_begin(block);
    for (const SharedVariable& variable : block.launch->shared_variables) {
      std::memset(written(block.shared + variable.offset, true), 0, variable.bytes);
    }
  }
  void block_end(Block& block) override { order_.block_end(block); }
  void block_sync(Block& block) override { order_.barrier(block); }
  void warp_sync(Block& block, uint32_t warp, uint32_t lanes) override { order_.warp_sync(block, warp, lanes); }
  void fence(Block& block, uint32_t, uint32_t) override { order_.fence(block); }

  void access(const WarpAccess& access) override {
    for (uint32_t lane = 0; lane < kWarpSize; ++lane) {
      if (access.lanes >> lane & 1) access_lane(access, lane);
    }
  }

 private:
  uint8_t* written(const void* address, bool shared) const {
    return shared ? shared_written_ + (static_cast<const unsigned char*>(address) - shared_base()) : shadow_of(address);
  }

  void access_lane(const WarpAccess& access, uint32_t lane) {
    const Place place = find_place(access, lane);
    if (place == Place::kArgument || place == Place::kRegistered) return;
    const bool shared = place == Place::kShared;
    if (access.strong) {
      order_.strong_access(*access.block, access.address[lane], access.kind != WarpAccess::Kind::kLoad, access.release);
    }
    races_.access(access, lane, shared, order_);
    check_written(access, lane, written(reinterpret_cast<const void*>(access.address[lane]), shared));
  }

  // An atomic update reads what is there.
  void check_written(const WarpAccess& access, uint32_t lane, uint8_t* state) const {
    if (access.kind == WarpAccess::Kind::kStore) {
      std::memset(state, 1, access.bytes);
    } else if (const void* raw = std::memchr(state, 0, access.bytes)) {
      throw KernelError("uninitialised", describe_access(access, lane) + ", byte " +
                                             std::to_string(static_cast<const uint8_t*>(raw) - state) +
                                             " of them was never written");
    }
  }

  Order order_;
  Races races_;
  uint8_t* shared_written_;  // as the shadow of the heap
};

}  // namespace

std::unique_ptr<Monitor> make_checker() {
  return std::make_unique<Checker>();
}

}  // namespace simulated_gpu
