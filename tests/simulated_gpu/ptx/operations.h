// Arithmetic of one lane. Integers wrap around; floats are exactly rounded.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "ptx/half_precision.h"
#include "ptx/number_types.h"

namespace simulated_gpu::ptx {

template <class T>
inline constexpr bool kIsSigned = std::is_signed_v<T>;

struct Add {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<u64>(a) + static_cast<u64>(b));
    else
      return a + b;
  }
};
struct Subtract {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<u64>(a) - static_cast<u64>(b));
    else
      return a - b;
  }
};
struct Multiply {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<u64>(a) * static_cast<u64>(b));
    else
      return a * b;
  }
};
struct MultiplyHigh {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (sizeof(T) == 8) {
      using Wide = std::conditional_t<kIsSigned<T>, s128, u128>;
      return static_cast<T>((static_cast<Wide>(a) * static_cast<Wide>(b)) >> 64);
    } else {
      using Wide = std::conditional_t<kIsSigned<T>, s64, u64>;
      return static_cast<T>((static_cast<Wide>(a) * static_cast<Wide>(b)) >> (8 * sizeof(T)));
    }
  }
};
struct MultiplyAddLow {
  template <class T>
  static T apply(T a, T b, T c) {
    return static_cast<T>(static_cast<u64>(a) * static_cast<u64>(b) + static_cast<u64>(c));
  }
};
struct MultiplyAddHigh {
  template <class T>
  static T apply(T a, T b, T c) {
    return static_cast<T>(static_cast<u64>(MultiplyHigh::apply(a, b)) + static_cast<u64>(c));
  }
};
struct FusedMultiplyAdd {
  static f32 apply(f32 a, f32 b, f32 c) { return __builtin_fmaf(a, b, c); }
  static f64 apply(f64 a, f64 b, f64 c) { return __builtin_fma(a, b, c); }
};
// By zero and of the least integer by -1: what GPUs give; C++ leaves it undefined.
struct Divide {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return static_cast<T>(-1);
      if constexpr (kIsSigned<T>)
        if (b == -1) return static_cast<T>(0 - static_cast<u64>(a));
      return static_cast<T>(a / b);
    } else {
      return a / b;
    }
  }
};
struct Remainder {
  template <class T>
  static T apply(T a, T b) {
    if (b == 0) return a;
    if constexpr (kIsSigned<T>)
      if (b == -1) return 0;
    return static_cast<T>(a % b);
  }
};
// Of floats: the other operand where one is NaN; -0 is less than +0.
struct Minimum {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      if (a == b) return std::signbit(a) ? a : b;
      return a < b || b != b ? a : b;
    } else {
      return a < b ? a : b;
    }
  }
};
struct Maximum {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      if (a == b) return std::signbit(a) ? b : a;
      return a > b || b != b ? a : b;
    } else {
      return a > b ? a : b;
    }
  }
};
// Of floats, NaN where an operand is NaN (.NaN).
template <class Op>
struct NanPropagating {
  template <class T>
  static T apply(T a, T b) {
    return a != a || b != b ? std::numeric_limits<T>::quiet_NaN() : Op::apply(a, b);
  }
};
struct Negate {
  template <class T>
  static T apply(T a) {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(0 - static_cast<u64>(a));
    else
      return -a;
  }
};
struct Absolute {
  template <class T>
  static T apply(T a) {
    if constexpr (std::is_integral_v<T>)
      return a < 0 ? static_cast<T>(0 - static_cast<u64>(a)) : a;
    else
      return std::fabs(a);
  }
};
struct CopySign {  // copysign.f32 d, a, b: the sign of a on b
  template <class T>
  static T apply(T a, T b) {
    return std::copysign(b, a);
  }
};
struct SquareRoot {
  template <class T>
  static T apply(T a) {
    return std::sqrt(a);
  }
};
struct Reciprocal {
  template <class T>
  static T apply(T a) {
    return 1 / a;
  }
};
template <class Op>
struct Saturating {  // of s32: clamped to its range
  static s32 apply(s32 a, s32 b) {
    const s64 exact = Op::apply(s64{a}, s64{b});
    return exact > INT32_MAX ? INT32_MAX : exact < INT32_MIN ? INT32_MIN : static_cast<s32>(exact);
  }
};
struct And {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(a & b);
  }
};
struct Or {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct Xor {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};

// ---- the same for halves: computed in a wider type, rounded once ----

// The sum or product of two halves is exact enough in fp32 for one more rounding to be right; of three it is not.
template <class Op>
struct OnHalf {
  template <class Half>
  static Half apply(Half a) {
    return narrow<Half>(Op::apply(widen(a)));
  }
  template <class Half>
  static Half apply(Half a, Half b) {
    return narrow<Half>(Op::apply(widen(a), widen(b)));
  }
};
struct HalfMultiplyAdd {
  template <class Half>
  static Half apply(Half a, Half b, Half c) {
    return narrow<Half>(round_to_odd(multiply_add_to_odd(f64{widen(a)}, f64{widen(b)}, f64{widen(c)})));
  }
};
template <class Op>
struct OnPair {
  template <class Half, class... Rest>
  static Pair<Half> apply(Pair<Half> a, Rest... rest) {
    return {Op::apply(a.low, rest.low...), Op::apply(a.high, rest.high...)};
  }
};

// ---- modifiers of float instructions ----

inline f32 flush_subnormal(f32 value) {
  return std::fabs(value) < std::numeric_limits<f32>::min() ? std::copysign(0.f, value) : value;
}
template <class Op>
struct Flushed {  // .ftz
  template <class... T>
  static f32 apply(T... operands) {
    return flush_subnormal(Op::apply(flush_subnormal(operands)...));
  }
};
struct Saturate {  // .sat: to [0, 1], NaN to 0
  template <class T>
  static T apply(T a) {
    return a > 0 ? (a < 1 ? a : T{1}) : T{0};
  }
};
struct Rectify {  // .relu
  template <class T>
  static T apply(T a) {
    return a < 0 ? T{0} : a;
  }
};

}  // namespace simulated_gpu::ptx
