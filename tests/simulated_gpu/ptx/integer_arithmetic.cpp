// mul and mad of integers (low, high and wide halves of the product), mul24, sad, dp4a, dp2a.
#include <string>

#include "ptx/elementwise.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

template <class T>
struct Twice;
template <>
struct Twice<u16> {
  using Type = u32;
};
template <>
struct Twice<s16> {
  using Type = s32;
};
template <>
struct Twice<u32> {
  using Type = u64;
};
template <>
struct Twice<s32> {
  using Type = s64;
};
using Narrow = TypeList<u16, s16, u32, s32>;

template <class T>
void multiply_wide(Warp& warp, const Instruction& i) {
  using Wide = typename Twice<T>::Type;
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  write_lanes<Wide>(warp, i.result, [=](u32 lane) { return static_cast<Wide>(Wide{a[lane]} * Wide{b[lane]}); });
}
template <class T>
void multiply_add_wide(Warp& warp, const Instruction& i) {
  using Wide = typename Twice<T>::Type;
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  const auto c = source<Wide>(warp, i.c);
  write_lanes<Wide>(warp, i.result,
                    [=](u32 lane) { return Add::apply(static_cast<Wide>(Wide{a[lane]} * Wide{b[lane]}), c[lane]); });
}

enum { kLow, kHigh, kWide };

template <class LowOp, class HighOp, bool kAdds>
Handler multiply_handler(std::string_view type, int half) {
  if (half == kWide)
    return for_type(type, Narrow{},
                    []<class T>(TypeTag<T>) -> Handler { return kAdds ? &multiply_add_wide<T> : &multiply_wide<T>; });
  return for_type(type, Integers{}, [=]<class T>(TypeTag<T>) -> Handler {
    if constexpr (kAdds)
      return half == kLow ? &ternary<T, LowOp> : &ternary<T, HighOp>;
    else
      return half == kLow ? &binary<T, LowOp> : &binary<T, HighOp>;
  });
}

void decode_multiply(Decoder& decoder) {
  const int half = decoder.take_any({"lo", "hi", "wide"});
  if (half < 0) {
    decode_float_multiply(decoder);
    return;
  }
  const std::string type = decoder.take_type();
  Instruction& i = decoder.instruction;
  decoder.handler(multiply_handler<Multiply, MultiplyHigh, false>(type, half));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes_of(type));
  i.b = decoder.source(2, lane_bytes_of(type));
}

void decode_multiply_add(Decoder& decoder) {
  const int half = decoder.take_any({"lo", "hi", "wide"});
  if (half < 0) {
    decode_fma(decoder);
    return;
  }
  const std::string type = decoder.take_type();
  const u8 lane_bytes = lane_bytes_of(type);
  Instruction& i = decoder.instruction;
  decoder.handler(multiply_handler<MultiplyAddLow, MultiplyAddHigh, true>(type, half));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes);
  i.b = decoder.source(2, lane_bytes);
  i.c = decoder.source(3, half == kWide && type_bytes(type) == 4 ? 8 : lane_bytes);
}

// The low 24 bits of an integer, as one of its type.
template <class T>
T low24(T value) {
  return static_cast<T>(static_cast<T>(static_cast<u32>(value) << 8) >> 8);
}
struct Multiply24 {
  template <class T>
  static T apply(T a, T b) {
    return Multiply::apply(low24(a), low24(b));
  }
};
struct MultiplyAdd24 {
  template <class T>
  static T apply(T a, T b, T c) {
    return Add::apply(Multiply24::apply(a, b), c);
  }
};
using Words32 = TypeList<u32, s32>;

template <bool kAdds>
void decode_multiply24(Decoder& decoder) {
  decoder.require_any({"lo"});
  const std::string type = decoder.take_type();
  Instruction& i = decoder.instruction;
  decoder.handler(for_type(type, Words32{}, []<class T>(TypeTag<T>) -> Handler {
    if constexpr (kAdds)
      return &ternary<T, MultiplyAdd24>;
    else
      return &binary<T, Multiply24>;
  }));
  i.result = decoder.result(0);
  i.a = decoder.source(1, 4);
  i.b = decoder.source(2, 4);
  if (kAdds) i.c = decoder.source(3, 4);
}

struct SumOfDifferences {  // c + |a - b|
  template <class T>
  static T apply(T a, T b, T c) {
    return Add::apply(c, a < b ? Subtract::apply(b, a) : Subtract::apply(a, b));
  }
};

void decode_sad(Decoder& decoder) {
  const std::string type = decoder.take_type();
  const u8 lane_bytes = lane_bytes_of(type);
  Instruction& i = decoder.instruction;
  decoder.handler(
      for_type(type, Integers{}, []<class T>(TypeTag<T>) -> Handler { return &ternary<T, SumOfDifferences>; }));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes);
  i.b = decoder.source(2, lane_bytes);
  i.c = decoder.source(3, lane_bytes);
}

// Byte k of a word, widened as A says: u32 or s32.
template <class A>
s64 byte_of(u32 word, u32 k) {
  const u8 byte = static_cast<u8>(word >> (8 * k));
  if constexpr (kIsSigned<A>)
    return static_cast<s8>(byte);
  else
    return byte;
}
template <class A>
s64 half_word_of(u32 word, u32 k) {
  const u16 half = static_cast<u16>(word >> (16 * k));
  if constexpr (kIsSigned<A>)
    return static_cast<s16>(half);
  else
    return half;
}
template <class A, class B>
void dot4(Warp& warp, const Instruction& i) {
  const auto a = source<u32>(warp, i.a), b = source<u32>(warp, i.b), c = source<u32>(warp, i.c);
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    s64 sum = static_cast<s32>(c[lane]);
    for (u32 k = 0; k < 4; ++k) sum += byte_of<A>(a[lane], k) * byte_of<B>(b[lane], k);
    return static_cast<u32>(sum);
  });
}
template <class A, class B>
void dot2(Warp& warp, const Instruction& i) {  // variant: 0 low two bytes of b, 2 high two
  const auto a = source<u32>(warp, i.a), b = source<u32>(warp, i.b), c = source<u32>(warp, i.c);
  const u32 first = i.variant;
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    s64 sum = static_cast<s32>(c[lane]);
    for (u32 k = 0; k < 2; ++k) sum += half_word_of<A>(a[lane], k) * byte_of<B>(b[lane], first + k);
    return static_cast<u32>(sum);
  });
}

template <bool kFour>
void decode_dot(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  if (!kFour) i.variant = decoder.require_any({"lo", "hi"}) == 1 ? 2 : 0;
  const std::string a_type = decoder.take_type(), b_type = decoder.take_type();
  decoder.handler(for_type(a_type, Words32{}, [&]<class A>(TypeTag<A>) {
    return for_type(b_type, Words32{},
                    []<class B>(TypeTag<B>) -> Handler { return kFour ? &dot4<A, B> : &dot2<A, B>; });
  }));
  i.result = decoder.result(0);
  i.a = decoder.source(1, 4);
  i.b = decoder.source(2, 4);
  i.c = decoder.source(3, 4);
}

}  // namespace

void add_integer_arithmetic(DecodeTable& table) {
  table["mul"] = &decode_multiply;
  table["mad"] = &decode_multiply_add;
  table["mul24"] = &decode_multiply24<false>;
  table["mad24"] = &decode_multiply24<true>;
  table["sad"] = &decode_sad;
  table["dp4a"] = &decode_dot<true>;
  table["dp2a"] = &decode_dot<false>;
}

}  // namespace simulated_gpu::ptx
