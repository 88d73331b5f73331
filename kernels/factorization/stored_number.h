#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/support/host_device.h"

namespace matinee::factorization {

// How the numbers of factors are stored while they are trained; arithmetic is in fp32 throughout.
enum class Storage { kFp32, kFp16, kBf16 };

struct Fp16 {
  uint16_t bits;
};
struct Bf16 {
  uint16_t bits;
};

constexpr int64_t bytes_of(Storage storage) {
  return storage == Storage::kFp32 ? 4 : 2;
}

// f(a number of the type that `storage` stores): for what is compiled for each of them.
template <typename F>
auto by_storage(Storage storage, const F& f) {
  if (storage == Storage::kFp16) return f(Fp16{});
  if (storage == Storage::kBf16) return f(Bf16{});
  return f(0.0f);
}

MATINEE_HOST_DEVICE_INLINE float widen(float value) {
  return value;
}

MATINEE_HOST_DEVICE_INLINE float widen(Bf16 value) {
  return __builtin_bit_cast(float, uint32_t{value.bits} << 16);
}

// Numbers of fp16 below 2^-14 have fewer digits; a sum with this one moves them to where fp32 has its last place.
inline constexpr float kLeastNormal = 6.103515625e-5f;  // 2^-14
inline constexpr uint32_t kLeastNormalBits = 113u << 23, kExponentShift = 112u << 23;

// Without a branch, behind which the compiler would move the arithmetic and no longer vectorise it.
MATINEE_HOST_DEVICE_INLINE uint32_t chosen(bool first, uint32_t a, uint32_t b) {
  const uint32_t mask = 0u - static_cast<uint32_t>(first);
  return (a & mask) | (b & ~mask);
}

MATINEE_HOST_DEVICE_INLINE float widen(Fp16 value) {
  const uint32_t magnitude = (value.bits & 0x7fffu) << 13, sign = (value.bits & 0x8000u) << 16;
  const float below = __builtin_bit_cast(float, magnitude + kLeastNormalBits) - kLeastNormal;
  return __builtin_bit_cast(
      float, chosen(magnitude < 1u << 23, __builtin_bit_cast(uint32_t, below), magnitude + kExponentShift) | sign);
}

// Stochastic rounding: a number between two neighbours becomes either, the nearer one more often, so that it is right
// on average and small steps are not lost. `draw`: uniform in 0 … 65535.
template <typename T>
MATINEE_HOST_DEVICE_INLINE T narrow(float value, uint32_t draw);

template <>
MATINEE_HOST_DEVICE_INLINE float narrow<float>(float value, uint32_t) {
  return value;
}

// NaN stays NaN.
template <>
MATINEE_HOST_DEVICE_INLINE Bf16 narrow<Bf16>(float value, uint32_t draw) {
  return {static_cast<uint16_t>((__builtin_bit_cast(uint32_t, value) + draw) >> 16)};
}

// Beyond the largest number, 65504, that one; NaN, too.
template <>
MATINEE_HOST_DEVICE_INLINE Fp16 narrow<Fp16>(float value, uint32_t draw) {
  constexpr uint32_t kLargest = 0x477fe000;  // 65504
  const uint32_t bits = __builtin_bit_cast(uint32_t, value), sign = (bits >> 16) & 0x8000u;
  uint32_t magnitude = bits & 0x7fffffffu;
  magnitude = magnitude < kLargest ? magnitude : kLargest;
  const float moved = __builtin_bit_cast(float, magnitude) + kLeastNormal;
  const uint32_t below = __builtin_bit_cast(uint32_t, moved) - kLeastNormalBits;
  const uint32_t fixed = chosen(magnitude < kLeastNormalBits, below, magnitude - kExponentShift);
  return {static_cast<uint16_t>(((fixed + (draw & 0x1fffu)) >> 13) | sign)};
}

// The nearest number, of two the larger in magnitude.
template <typename T>
MATINEE_HOST_DEVICE_INLINE T nearest(float value) {
  return narrow<T>(value, std::is_same_v<T, Bf16> ? 0x8000 : 0x1000);
}

// The draws of one step's roundings, by (key of the epoch, number of the rating) and column: cheap, and the same on
// every device. 32 bits from a bijection of well mixed ones (finaliser of Steele, Lea and Flood, OOPSLA 2014).
class RoundingDraws {
 public:
  static constexpr uint32_t kThird = 0xC2B2AE35u;

  MATINEE_HOST_DEVICE_INLINE RoundingDraws(uint64_t key, int64_t rating) {
    uint64_t mixed = key + static_cast<uint64_t>(rating) * 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    base_ = static_cast<uint32_t>(mixed >> 32);
  }

  // 32 bits: a draw in each half.
  MATINEE_HOST_DEVICE_INLINE uint32_t operator()(int64_t column) const {
    uint32_t drawn;
    draw(static_cast<uint32_t>(column), drawn);
    return drawn;
  }
  // The same of a number or of the compiler's vectors of them.
  template <typename Numbers>
  MATINEE_HOST_DEVICE_INLINE void draw(const Numbers& columns, Numbers& drawn) const {
    drawn = (base_ ^ columns * 0x9E3779B9u) * 0x85EBCA6Bu;
  }
  static MATINEE_HOST_DEVICE_INLINE uint32_t first(uint32_t draw) { return draw >> 16; }
  static MATINEE_HOST_DEVICE_INLINE uint32_t second(uint32_t draw) { return draw & 0xffffu; }
  static MATINEE_HOST_DEVICE_INLINE uint32_t third(uint32_t draw) { return (draw * kThird) >> 16; }

 private:
  uint32_t base_ = 0;
};

}  // namespace matinee::factorization
