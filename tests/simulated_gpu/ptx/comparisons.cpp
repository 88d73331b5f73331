// setp, set, selp, slct, testp.
#include <string>

#include "ptx/elementwise.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

// Ordered comparisons are false where an operand is NaN, unordered ones (…u) true.
struct Equal {
  template <class T>
  static bool apply(T a, T b) {
    return a == b;
  }
};
struct NotEqual {
  template <class T>
  static bool apply(T a, T b) {
    return a < b || a > b;
  }
};
struct Less {
  template <class T>
  static bool apply(T a, T b) {
    return a < b;
  }
};
struct LessEqual {
  template <class T>
  static bool apply(T a, T b) {
    return a <= b;
  }
};
struct Greater {
  template <class T>
  static bool apply(T a, T b) {
    return a > b;
  }
};
struct GreaterEqual {
  template <class T>
  static bool apply(T a, T b) {
    return a >= b;
  }
};
template <class Opposite>
struct Unless {
  template <class T>
  static bool apply(T a, T b) {
    return !Opposite::apply(a, b);
  }
};
struct Numbers {
  template <class T>
  static bool apply(T a, T b) {
    return a == a && b == b;
  }
};
template <class Op>
struct FlushedCompare {
  static bool apply(f32 a, f32 b) { return Op::apply(flush_subnormal(a), flush_subnormal(b)); }
};

// Bit l: how lane l compares.
template <class T, class Op>
u32 compare(const Warp& warp, const Instruction& i) {
  alignas(32) s32 signs[kWarpSize];
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  s32* out = signs;
  for_all_lanes([=](u32 lane) { out[lane] = -static_cast<s32>(Op::apply(widen(a[lane]), widen(b[lane]))); });
  return pack_signs(signs);
}

enum Combination : u8 { kAlone, kAnd, kOr, kXor };  // with the predicate c; the instruction's variant

u32 combined(const Warp& warp, const Instruction& i, u32 compared, u8 how) {
  if (how == kAlone) return compared;
  const u32 other = predicate_operand(warp, i, i.c);
  return how == kAnd ? compared & other : how == kOr ? compared | other : compared ^ other;
}

template <class T, class Op>
void set_predicate(Warp& warp, const Instruction& i) {
  const u32 compared = compare<T, Op>(warp, i);
  const u32 result = combined(warp, i, compared, i.variant), opposite = combined(warp, i, ~compared, i.variant);
  if (i.result) write_predicate(warp, i.result, result);
  if (i.second_result) write_predicate(warp, i.second_result, opposite);
}
// setp of a pair: one predicate for each half.
template <class Half, class Op>
void set_predicate_pair(Warp& warp, const Instruction& i) {
  const auto a = source<Pair<Half>>(warp, i.a), b = source<Pair<Half>>(warp, i.b);
  u32 low = 0, high = 0;
  for (u32 lane = 0; lane < kWarpSize; ++lane) {
    low |= static_cast<u32>(Op::apply(widen(a[lane].low), widen(b[lane].low))) << lane;
    high |= static_cast<u32>(Op::apply(widen(a[lane].high), widen(b[lane].high))) << lane;
  }
  if (i.result) write_predicate(warp, i.result, combined(warp, i, low, i.variant));
  if (i.second_result) write_predicate(warp, i.second_result, combined(warp, i, high, i.variant));
}

// set: immediate is what the result is where the comparison holds; elsewhere it is 0.
template <class T, class Op>
void set_value(Warp& warp, const Instruction& i) {
  const u32 holds = combined(warp, i, compare<T, Op>(warp, i), i.variant);
  const u32 value = static_cast<u32>(i.immediate);
  write_lanes<u32>(warp, i.result, [=](u32 lane) { return holds >> lane & 1 ? value : 0u; });
}
template <class Half, class Op>
void set_value_pair(Warp& warp, const Instruction& i) {
  const auto a = source<Pair<Half>>(warp, i.a), b = source<Pair<Half>>(warp, i.b);
  const u32 value = static_cast<u32>(i.immediate);
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    return (Op::apply(widen(a[lane].low), widen(b[lane].low)) ? value : 0) |
           (Op::apply(widen(a[lane].high), widen(b[lane].high)) ? value : 0) << 16;
  });
}

struct Chosen {  // which handlers an instruction gets; `set` or `setp`
  std::string type;
  bool to_predicate = false, flush = false;
};

template <class Op>
Handler compare_handler(const Chosen& chosen, bool integers) {
  if (chosen.flush) {
    if (chosen.type != "f32") return nullptr;
    return chosen.to_predicate ? &set_predicate<f32, FlushedCompare<Op>> : &set_value<f32, FlushedCompare<Op>>;
  }
  const auto choose = [&]<class T>(TypeTag<T>) -> Handler {
    return chosen.to_predicate ? &set_predicate<T, Op> : &set_value<T, Op>;
  };
  Handler found = integers ? for_type(computed_as(chosen.type), Integers{}, choose) : nullptr;
  if (!found) found = for_type(chosen.type, Floats{}, choose);
  if (!found) found = for_type(chosen.type, Halves{}, choose);
  if (found) return found;
  return for_type(chosen.type, HalfPairs{}, [&]<class Half>(TypeTag<Pair<Half>>) -> Handler {
    return chosen.to_predicate ? &set_predicate_pair<Half, Op> : &set_value_pair<Half, Op>;
  });
}

Handler take_comparison(Decoder& decoder, const Chosen& chosen) {
  switch (decoder.require_any({"eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu",
                               "gtu", "geu", "num", "nan"})) {
    case 0:
      return compare_handler<Equal>(chosen, true);
    case 1:
      return compare_handler<NotEqual>(chosen, true);
    case 2:
    case 6:
      return compare_handler<Less>(chosen, true);
    case 3:
    case 7:
      return compare_handler<LessEqual>(chosen, true);
    case 4:
    case 8:
      return compare_handler<Greater>(chosen, true);
    case 5:
    case 9:
      return compare_handler<GreaterEqual>(chosen, true);
    case 10:
      return compare_handler<Unless<NotEqual>>(chosen, false);
    case 11:
      return compare_handler<Unless<Equal>>(chosen, false);
    case 12:
      return compare_handler<Unless<GreaterEqual>>(chosen, false);
    case 13:
      return compare_handler<Unless<Greater>>(chosen, false);
    case 14:
      return compare_handler<Unless<LessEqual>>(chosen, false);
    case 15:
      return compare_handler<Unless<Less>>(chosen, false);
    case 16:
      return compare_handler<Numbers>(chosen, false);
    default:
      return compare_handler<Unless<Numbers>>(chosen, false);
  }
}

// What .dtype calls true. Of a pair: each half of it.
s64 truth_of(Decoder& decoder, const std::string& type) {
  if (type == "u32" || type == "s32") return 0xffffffff;
  if (type == "f32") return 0x3f800000;
  if (type == "f16" || type == "f16x2") return 0x3c00;
  if (type == "bf16" || type == "bf16x2") return 0x3f80;
  if (type == "u16" || type == "s16") return 0xffff;
  decoder.fail("no such variant");
}

void decode_compare(Decoder& decoder) {  // setp.OP[.and|.or|.xor][.ftz].type and set.OP….dtype.stype
  Instruction& i = decoder.instruction;
  Chosen chosen;
  chosen.to_predicate = decoder.name() == "setp";
  chosen.flush = decoder.take("ftz");
  i.variant = static_cast<u8>(1 + decoder.take_any({"and", "or", "xor"}));
  if (!chosen.to_predicate) i.immediate = truth_of(decoder, decoder.take_type());
  chosen.type = decoder.take_type();
  decoder.handler(take_comparison(decoder, chosen));
  if (chosen.type.ends_with("x2")) i.immediate &= 0xffff;  // .u32 of a pair: a mask for each half
  if (chosen.to_predicate)
    decoder.result_pair(0);
  else
    i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes_of(chosen.type));
  i.b = decoder.source(2, lane_bytes_of(chosen.type));
  if (i.variant != kAlone) i.c = decoder.predicate_source(3);
}

template <class T>
void select(Warp& warp, const Instruction& i) {
  alignas(32) s32 first[kWarpSize];
  unpack_bits(predicate_operand(warp, i, i.c), first);
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  const s32* take_first = first;
  write_lanes<T>(warp, i.result, [=](u32 lane) { return take_first[lane] ? a[lane] : b[lane]; });
}
void decode_select(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const std::string type = decoder.take_type();
  const int bytes = type_bytes(type);
  decoder.handler(bytes == 2 ? &select<u16> : bytes == 4 ? &select<u32> : bytes == 8 ? &select<u64> : nullptr);
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes_of(type));
  i.b = decoder.source(2, lane_bytes_of(type));
  i.c = decoder.predicate_source(3);
}

template <class T, class Condition>
void select_by_sign(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  const auto c = source<Condition>(warp, i.c);
  write_lanes<T>(warp, i.result, [=](u32 lane) { return c[lane] >= 0 ? a[lane] : b[lane]; });
}
void decode_select_by_sign(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const std::string type = decoder.take_type(), condition = decoder.take_type();
  const auto choose = [&]<class T>(TypeTag<T>) -> Handler {
    if (condition == "s32") return &select_by_sign<T, s32>;
    return condition == "f32" ? &select_by_sign<T, f32> : nullptr;
  };
  const int bytes = type_bytes(type);
  decoder.handler(bytes == 2 ? choose(TypeTag<u16>{}) : bytes == 4 ? choose(TypeTag<u32>{}) : choose(TypeTag<u64>{}));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes_of(type));
  i.b = decoder.source(2, lane_bytes_of(type));
  i.c = decoder.source(3, 4);
}

enum class Class : u8 { kFinite, kInfinite, kNumber, kNotANumber, kNormal, kSubnormal };  // testp; variant

template <class T>
void test_class(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  u32 bits = 0;
  for (u32 lane = 0; lane < kWarpSize; ++lane) {
    const T value = a[lane];
    const int kind = std::fpclassify(value);
    bool holds = false;
    switch (static_cast<Class>(i.variant)) {
      case Class::kFinite:
        holds = std::isfinite(value);
        break;
      case Class::kInfinite:
        holds = kind == FP_INFINITE;
        break;
      case Class::kNumber:
        holds = kind != FP_NAN;
        break;
      case Class::kNotANumber:
        holds = kind == FP_NAN;
        break;
      case Class::kNormal:
        holds = kind == FP_NORMAL;
        break;
      case Class::kSubnormal:
        holds = kind == FP_SUBNORMAL;
        break;
    }
    bits |= static_cast<u32>(holds) << lane;
  }
  write_predicate(warp, i.result, bits);
}
void decode_test(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  i.variant =
      static_cast<u8>(decoder.require_any({"finite", "infinite", "number", "notanumber", "normal", "subnormal"}));
  const std::string type = decoder.take_type();
  decoder.handler(for_type(type, Floats{}, []<class T>(TypeTag<T>) -> Handler { return &test_class<T>; }));
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes_of(type));
}

}  // namespace

void add_comparisons(DecodeTable& table) {
  table["setp"] = &decode_compare;
  table["set"] = &decode_compare;
  table["selp"] = &decode_select;
  table["slct"] = &decode_select_by_sign;
  table["testp"] = &decode_test;
}

}  // namespace simulated_gpu::ptx
