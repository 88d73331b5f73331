// Registers as rows of 32 lanes, so that one decoded instruction works on a whole warp with SIMD.
#pragma once

#include <bit>
#include <type_traits>

#include <immintrin.h>

#include "ptx/warp.h"

namespace simulated_gpu::ptx {

constexpr u32 kAllLanes = ~0u;

template <class Function>
[[gnu::always_inline]] inline void for_all_lanes(Function function) {
#pragma GCC ivdep
  for (u32 lane = 0; lane < kWarpSize; ++lane) function(lane);
}

template <class Function>
[[gnu::always_inline]] inline void for_each_lane(u32 lanes, Function function) {
  for (; lanes; lanes &= lanes - 1) function(static_cast<u32>(std::countr_zero(lanes)));
}

inline u32 first_lane(u32 lanes) {
  return static_cast<u32>(std::countr_zero(lanes));
}
inline u32 lane_count(u32 lanes) {
  return static_cast<u32>(std::popcount(lanes));
}

// What a row holds for a T: 8 bytes, or 4 for all that is narrower.
template <class T>
using Lane = std::conditional_t<sizeof(T) == 8, u64, u32>;

template <class T>
inline T from_lane(Lane<T> bits) {
  if constexpr (sizeof(T) == 1)
    return std::bit_cast<T>(static_cast<u8>(bits));
  else if constexpr (sizeof(T) == 2)
    return std::bit_cast<T>(static_cast<u16>(bits));
  else
    return std::bit_cast<T>(bits);
}
template <class T>
inline Lane<T> to_lane(T value) {
  if constexpr (sizeof(T) == 1)
    return std::bit_cast<u8>(value);
  else if constexpr (sizeof(T) == 2)
    return std::bit_cast<u16>(value);
  else
    return std::bit_cast<Lane<T>>(value);
}

template <class T>
inline T* row(const Warp& warp, u32 offset) {
  return reinterpret_cast<T*>(warp.registers + offset);
}

// A source operand, seen as T.
template <class T>
class Source {
 public:
  explicit Source(const Lane<T>* lanes) : lanes_(lanes) {}
  T operator[](u32 lane) const { return from_lane<T>(lanes_[lane]); }

 private:
  const Lane<T>* lanes_;
};
template <class T>
inline Source<T> source(const Warp& warp, u32 offset) {
  return Source<T>(row<const Lane<T>>(warp, offset));
}

// result[lane] = function(lane) for the lanes in the mask. The function is called for all: it must bear any operand.
template <class T, class Function>
[[gnu::always_inline]] inline void write_lanes(Warp& warp, u32 result, Function function) {
  Lane<T>* lanes = row<Lane<T>>(warp, result);
  if (warp.mask == kAllLanes)
    for_all_lanes([=](u32 lane) { lanes[lane] = to_lane<T>(function(lane)); });
  else {
    const s32* chosen = warp.mask_row;
    for_all_lanes([=](u32 lane) { lanes[lane] = chosen[lane] ? to_lane<T>(function(lane)) : lanes[lane]; });
  }
}

inline u32& predicate(const Warp& warp, u32 offset) {
  return *row<u32>(warp, offset);
}
inline u32 predicate_operand(const Warp& warp, const Instruction& instruction, u32 offset) {
  return instruction.negated ? ~predicate(warp, offset) : predicate(warp, offset);
}
inline void write_predicate(Warp& warp, u32 offset, u32 value) {
  u32& bits = predicate(warp, offset);
  bits = (bits & ~warp.mask) | (value & warp.mask);
}

// The sign bits of 32 integers, and the inverse.
inline u32 pack_signs(const s32* lanes) {
  u32 bits = 0;
  for (u32 i = 0; i < 4; ++i) {
    const __m256 eight = _mm256_load_ps(reinterpret_cast<const float*>(lanes) + 8 * i);
    bits |= static_cast<u32>(_mm256_movemask_ps(eight)) << (8 * i);
  }
  return bits;
}
inline void unpack_bits(u32 bits, s32* lanes) {
  for_all_lanes([=](u32 lane) { lanes[lane] = -static_cast<s32>(bits >> lane & 1); });
}

inline void set_mask(Warp& warp, u32 lanes) {
  if (lanes == warp.mask) return;
  warp.mask = lanes;
  if (lanes != kAllLanes) unpack_bits(lanes, warp.mask_row);
}

}  // namespace simulated_gpu::ptx
