// cvt of one value: every pair of types, with its modifiers.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "ptx/half_precision.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {

enum class IntegerRounding : u8 { kNone, kNearestEven, kZero, kDown, kUp };  // .rni .rzi .rmi .rpi

// Rounding of floats other than to bf16 is the thread's mode.
struct ConversionModes {
  IntegerRounding integer_rounding = IntegerRounding::kNone;
  bool saturate = false;     // .sat
  bool flush = false;        // .ftz
  bool toward_zero = false;  // .rz
  bool rectify = false;      // .relu
};

inline f64 rounded_to_integer(f64 value, IntegerRounding rounding) {
  switch (rounding) {
    case IntegerRounding::kNone:
      return value;
    case IntegerRounding::kNearestEven:
      return std::nearbyint(value);
    case IntegerRounding::kZero:
      return std::trunc(value);
    case IntegerRounding::kDown:
      return std::floor(value);
    case IntegerRounding::kUp:
      return std::ceil(value);
  }
  return value;
}

// Out of range gives the nearest integer that there is, NaN gives 0.
template <class To>
To clamped_integer(f64 value) {
  constexpr f64 kBelow = static_cast<f64>(std::numeric_limits<To>::min());
  const f64 above = std::ldexp(1.0, std::numeric_limits<To>::digits);
  if (value != value) return 0;
  if (value <= kBelow) return std::numeric_limits<To>::min();
  return value >= above ? std::numeric_limits<To>::max() : static_cast<To>(value);
}

template <class To>
To narrowed(f32 value, const ConversionModes& modes) {
  if constexpr (std::is_same_v<To, bf16>)
    if (modes.toward_zero && value == value) return {static_cast<u16>(std::bit_cast<u32>(value) >> 16)};
  return narrow<To>(value);
}

template <class To>
To float_to_float(f64 value, const ConversionModes& modes) {
  if (modes.saturate) value = Saturate::apply(value);
  if (modes.rectify && !(value > 0) && value == value) value = 0;
  if constexpr (kIsHalf<To>)
    return narrowed<To>(round_to_odd(value), modes);
  else if constexpr (std::is_same_v<To, f32>)
    return modes.flush ? flush_subnormal(static_cast<f32>(value)) : static_cast<f32>(value);
  else
    return value;
}

template <class To, class From>
To integer_to_integer(From value, bool saturate) {
  if (!saturate) return static_cast<To>(value);
  const s128 least = std::numeric_limits<To>::min(), most = std::numeric_limits<To>::max();
  return static_cast<To>(std::clamp(static_cast<s128>(value), least, most));
}

template <class To, class From>
To converted(From value, const ConversionModes& modes) {
  constexpr bool kFromInteger = std::is_integral_v<From>, kToInteger = std::is_integral_v<To>;
  if constexpr (kFromInteger && kToInteger)
    return integer_to_integer<To>(value, modes.saturate);
  else if constexpr (kFromInteger && kIsHalf<To>)
    return narrowed<To>(round_to_odd(static_cast<long double>(value)), modes);
  else if constexpr (kFromInteger)
    return static_cast<To>(value);
  else {
    f64 wide = static_cast<f64>(widen(value));
    if constexpr (std::is_same_v<From, f32>)
      if (modes.flush) wide = static_cast<f64>(flush_subnormal(value));
    wide = rounded_to_integer(wide, modes.integer_rounding);
    if constexpr (kToInteger)
      return clamped_integer<To>(wide);
    else
      return float_to_float<To>(wide, modes);
  }
}

}  // namespace simulated_gpu::ptx
