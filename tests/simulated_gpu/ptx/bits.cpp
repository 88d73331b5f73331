// and, or, xor, not, cnot, shl, shr, shf, lop3: also of predicates where PTX has it.
#include <algorithm>
#include <string>

#include "ptx/elementwise.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

struct Not {
  template <class T>
  static T apply(T a) {
    return static_cast<T>(~a);
  }
};
struct LogicalNot {
  template <class T>
  static T apply(T a) {
    return static_cast<T>(a == 0);
  }
};

template <class Op>
void predicate_binary(Warp& warp, const Instruction& i) {
  write_predicate(warp, i.result, Op::apply(predicate(warp, i.a), predicate_operand(warp, i, i.b)));
}
void predicate_not(Warp& warp, const Instruction& i) {
  write_predicate(warp, i.result, ~predicate(warp, i.a));
}

template <class Op>
void decode_logic(Decoder& decoder) {
  const std::string type = decoder.take_type();
  const u8 lane_bytes = lane_bytes_of(type);
  Instruction& i = decoder.instruction;
  decoder.handler(type == "pred" ? &predicate_binary<Op>
                                 : for_type(computed_as(type), Words{},
                                            []<class T>(TypeTag<T>) -> Handler { return &binary<T, Op>; }));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes);
  i.b = lane_bytes ? decoder.source(2, lane_bytes) : decoder.predicate_source(2);
}

template <class Op>
void decode_not(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decoder.handler(type == "pred" ? &predicate_not
                                 : for_type(computed_as(type), Words{},
                                            []<class T>(TypeTag<T>) -> Handler { return &unary<T, Op>; }));
  decoder.instruction.result = decoder.result(0);
  decoder.instruction.a = decoder.source(1, lane_bytes_of(type));
}

// Shifts by the width or more give what shifting one by one would: zeros, or the sign.
template <class T>
void shift_left(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  const auto by = source<u32>(warp, i.b);
  write_lanes<T>(warp, i.result, [=](u32 lane) {
    return by[lane] >= 8 * sizeof(T) ? T{0} : static_cast<T>(static_cast<u64>(a[lane]) << by[lane]);
  });
}
template <class T>
void shift_right(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  const auto by = source<u32>(warp, i.b);
  write_lanes<T>(warp, i.result, [=](u32 lane) {
    if (by[lane] >= 8 * sizeof(T)) return static_cast<T>(kIsSigned<T> && a[lane] < 0 ? -1 : 0);
    return static_cast<T>(a[lane] >> by[lane]);
  });
}

template <bool kLeft>
void decode_shift(Decoder& decoder) {
  const std::string type = decoder.take_type();
  Instruction& i = decoder.instruction;
  decoder.handler(for_type(computed_as(type), Integers{},
                           []<class T>(TypeTag<T>) -> Handler { return kLeft ? &shift_left<T> : &shift_right<T>; }));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes_of(type));
  i.b = decoder.source(2, 4);
}

// shf: 32 bits out of the 64 in b:a. variant 1: the distance wraps, else it is clamped.
template <bool kLeft>
void funnel_shift(Warp& warp, const Instruction& i) {
  const auto a = source<u32>(warp, i.a), b = source<u32>(warp, i.b), c = source<u32>(warp, i.c);
  const bool wrap = i.variant;
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    const u32 by = wrap ? c[lane] & 31 : std::min(c[lane], 32u);
    const u64 both = u64{b[lane]} << 32 | a[lane];
    return static_cast<u32>(kLeft ? (both << by) >> 32 : both >> by);
  });
}

void decode_funnel_shift(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const bool left = decoder.require_any({"l", "r"}) == 0;
  i.variant = decoder.require_any({"clamp", "wrap"}) == 1;
  decoder.take_type();
  decoder.handler(left ? &funnel_shift<true> : &funnel_shift<false>);
  i.result = decoder.result(0);
  i.a = decoder.source(1, 4);
  i.b = decoder.source(2, 4);
  i.c = decoder.source(3, 4);
}

// lop3: any function of three bits, given as its truth table.
void logic3(Warp& warp, const Instruction& i) {
  const auto a = source<u32>(warp, i.a), b = source<u32>(warp, i.b), c = source<u32>(warp, i.c);
  const u32 table = static_cast<u32>(i.immediate);
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    u32 value = 0;
    for (u32 k = 0; k < 8; ++k) {
      const u32 wanted = 0 - (table >> k & 1);
      value |= wanted & (k & 4 ? a[lane] : ~a[lane]) & (k & 2 ? b[lane] : ~b[lane]) & (k & 1 ? c[lane] : ~c[lane]);
    }
    return value;
  });
}

void decode_logic3(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  decoder.take_type();
  decoder.handler(&logic3);
  i.result = decoder.result(0);
  i.a = decoder.source(1, 4);
  i.b = decoder.source(2, 4);
  i.c = decoder.source(3, 4);
  i.immediate = static_cast<s64>(decoder.literal(4));
}

}  // namespace

void add_bits(DecodeTable& table) {
  table["and"] = &decode_logic<And>;
  table["or"] = &decode_logic<Or>;
  table["xor"] = &decode_logic<Xor>;
  table["not"] = &decode_not<Not>;
  table["cnot"] = &decode_not<LogicalNot>;
  table["shl"] = &decode_shift<true>;
  table["shr"] = &decode_shift<false>;
  table["shf"] = &decode_funnel_shift;
  table["lop3"] = &decode_logic3;
}

}  // namespace simulated_gpu::ptx
