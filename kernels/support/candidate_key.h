#pragma once

#include <bit>
#include <cstdint>

#include "kernels/support/host_device.h"

namespace matinee {

// A candidate for a list as one number, so that better means greater: higher value first, ties by smaller index. Above
// the bits of the value, changed so that they rise with it; below them the index, turned round. Never 0, which so
// stands for "no candidate". -0 ranks below +0: make it +0 where the two should tie.

namespace detail {
constexpr uint32_t kSignBit = uint32_t{1} << 31;
}

MATINEE_HOST_DEVICE inline uint64_t candidate_key(int32_t index, float value) {
#ifdef __CUDA_ARCH__
  const uint32_t bits = __float_as_uint(value);
#else
  const auto bits = std::bit_cast<uint32_t>(value);
#endif
  const uint32_t rising = bits & detail::kSignBit ? ~bits : bits | detail::kSignBit;
  return uint64_t{rising} << 32 | static_cast<uint32_t>(~index);
}

MATINEE_HOST_DEVICE inline float key_value(uint64_t key) {
  const auto rising = static_cast<uint32_t>(key >> 32);
  const uint32_t bits = rising & detail::kSignBit ? rising & ~detail::kSignBit : ~rising;
#ifdef __CUDA_ARCH__
  return __uint_as_float(bits);
#else
  return std::bit_cast<float>(bits);
#endif
}

MATINEE_HOST_DEVICE inline int32_t key_index(uint64_t key) {
  return static_cast<int32_t>(~static_cast<uint32_t>(key));
}

}  // namespace matinee
