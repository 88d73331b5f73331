#pragma once

#include <cstdint>

#include "kernels/support/host_device.h"
#include "kernels/support/philox.h"

namespace matinee::neural_cf {

// A permutation of 0 … count-1 that nobody stores: a Feistel network on the least power of two that holds them, walked
// until it comes back into range (Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002). Its keys
// are drawn by (seed, epoch).
class RandomOrder {
 public:
  RandomOrder(int64_t count, uint64_t seed, uint64_t epoch) : count_(static_cast<uint64_t>(count)) {
    int bits = 2;
    while ((uint64_t{1} << bits) < count_) ++bits;
    low_bits_ = bits / 2;
    low_mask_ = static_cast<uint32_t>((uint64_t{1} << low_bits_) - 1);
    high_mask_ = static_cast<uint32_t>((uint64_t{1} << (bits - low_bits_)) - 1);
    const Philox draws(seed, stream_id(RandomStream::kExampleOrder, epoch));
    for (int round = 0; round < kRounds; ++round) {
      keys_[round] = draws.block(static_cast<uint64_t>(round) / 4)[round % 4];
    }
  }

  // index < count.
  MATINEE_HOST_DEVICE_INLINE int64_t operator[](int64_t index) const {
    auto place = static_cast<uint64_t>(index);
    do {
      auto low = static_cast<uint32_t>(place) & low_mask_;
      auto high = static_cast<uint32_t>(place >> low_bits_);
      for (int round = 0; round < kRounds; round += 2) {
        low ^= mixed(high ^ keys_[round]) & low_mask_;
        high ^= mixed(low ^ keys_[round + 1]) & high_mask_;
      }
      place = uint64_t{high} << low_bits_ | low;
    } while (place >= count_);
    return static_cast<int64_t>(place);
  }

 private:
  static constexpr int kRounds = 6;

  MATINEE_HOST_DEVICE_INLINE static uint32_t mixed(uint32_t word) {
    word *= 0x9E3779B1u;
    word ^= word >> 15;
    word *= 0x85EBCA77u;
    return word ^ word >> 13;
  }

  uint64_t count_;
  int low_bits_;
  uint32_t low_mask_, high_mask_;
  uint32_t keys_[kRounds];
};

}  // namespace matinee::neural_cf
