// fp16 and bfloat16: widening is exact, narrowing rounds once.
#pragma once

#include <bit>
#include <cmath>
#include <type_traits>

#include <immintrin.h>

#include "ptx/number_types.h"

namespace simulated_gpu::ptx {

template <class T>
inline constexpr bool kIsHalf = std::is_same_v<T, f16> || std::is_same_v<T, bf16>;

inline f32 widen(f16 value) {
  return _cvtsh_ss(value.bits);
}
inline f32 widen(bf16 value) {
  return std::bit_cast<f32>(u32{value.bits} << 16);
}
template <class T>
requires(!kIsHalf<T>) inline T widen(T value) {
  return value;
}

// In the rounding mode of the thread.
template <class Half>
inline Half narrow(f32 value);
template <>
inline f16 narrow<f16>(f32 value) {
  return {_cvtss_sh(value, _MM_FROUND_CUR_DIRECTION)};
}
// To nearest even; NaN is the canonical one.
template <>
inline bf16 narrow<bf16>(f32 value) {
  const u32 bits = std::bit_cast<u32>(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return {0x7fff};
  return {static_cast<u16>((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

// Rounding "to odd" keeps in the last bit whether anything was lost, so that a second, narrower rounding is right as if
// it had been the only one (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
inline f32 round_to_odd(f64 value) {
  const f32 rounded = static_cast<f32>(value);
  const u32 bits = std::bit_cast<u32>(rounded);
  if (static_cast<f64>(rounded) == value || value != value || (bits & 1)) return rounded;
  const bool away = std::fabs(static_cast<f64>(rounded)) < std::fabs(value);
  return std::bit_cast<f32>(away ? bits + 1 : bits - 1);
}
// x87 extended precision holds every 64-bit integer.
inline f32 round_to_odd(long double value) {
  const f32 rounded = static_cast<f32>(value);
  const u32 bits = std::bit_cast<u32>(rounded);
  if (static_cast<long double>(rounded) == value || (bits & 1)) return rounded;
  const bool away = std::fabs(static_cast<long double>(rounded)) < std::fabs(value);
  return std::bit_cast<f32>(away ? bits + 1 : bits - 1);
}
// x * y + z with x * y exact in double (as it is for halves), rounded to odd.
inline f64 multiply_add_to_odd(f64 x, f64 y, f64 z) {
  const f64 product = x * y, sum = product + z;
  if (!std::isfinite(sum)) return sum;
  const f64 part = sum - product, error = (product - (sum - part)) + (z - part);  // two-sum: sum + error is exact
  const u64 bits = std::bit_cast<u64>(sum);
  if (error == 0 || (bits & 1)) return sum;
  return std::bit_cast<f64>((error > 0) == (sum > 0) ? bits + 1 : bits - 1);
}

}  // namespace simulated_gpu::ptx
