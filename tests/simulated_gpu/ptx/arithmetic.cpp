// add, sub, mul, fma, div, min, max, neg, abs, sqrt, rcp, copysign: of integers, floats and halves.
#include <string>

#include "ptx/elementwise.h"
#include "ptx/float_modes.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

// Which template runs an operation with this many operands.
template <class T, class Op, int kOperands>
constexpr Handler elementwise() {
  if constexpr (kOperands == 1)
    return &unary<T, Op>;
  else if constexpr (kOperands == 2)
    return &binary<T, Op>;
  else
    return &ternary<T, Op>;
}

template <class Op, int kOperands, class Types>
Handler of_types(std::string_view type, Types types) {
  return for_type(type, types, []<class T>(TypeTag<T>) { return elementwise<T, Op, kOperands>(); });
}

template <class Op, int kOperands>
Handler of_float(std::string_view type, bool flush) {
  if (flush && type != "f32") return nullptr;
  return flush ? elementwise<f32, Flushed<Op>, kOperands>() : of_types<Op, kOperands>(type, Floats{});
}

template <class Op, int kOperands>
Handler of_half(std::string_view type) {
  const Handler one = of_types<Op, kOperands>(type, Halves{});
  return one ? one : of_types<OnPair<Op>, kOperands>(type, HalfPairs{});
}

// Saturate or Rectify, on the result.
template <class Op>
Handler afterwards(std::string_view type) {
  if (type == "f32") return &on_result<f32, Op>;
  const Handler half =
      for_type(type, Halves{}, []<class T>(TypeTag<T>) -> Handler { return &on_result<T, OnHalf<Op>>; });
  if (half) return half;
  return for_type(type, HalfPairs{}, []<class T>(TypeTag<T>) -> Handler { return &on_result<T, OnPair<OnHalf<Op>>>; });
}

template <int kOperands>
void decode_operands(Decoder& decoder, std::string_view type) {
  Instruction& i = decoder.instruction;
  const u8 lane_bytes = lane_bytes_of(type);
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes);
  if constexpr (kOperands > 1) i.b = decoder.source(2, lane_bytes);
  if constexpr (kOperands > 2) i.c = decoder.source(3, lane_bytes);
}

// A float or half operation with its modifiers: .rn .rz .rm .rp .ftz .sat .relu.
template <class FloatOp, class HalfOp, int kOperands>
void decode_rounded(Decoder& decoder, const std::string& type) {
  const bool flush = decoder.take("ftz");
  const int rounding = take_rounding(decoder);
  Handler chosen = of_float<FloatOp, kOperands>(type, flush);
  if (!chosen && !flush) chosen = of_half<HalfOp, kOperands>(type);
  decoder.handler(chosen);
  Handler after = nullptr;
  if (decoder.take("sat")) after = afterwards<Saturate>(type);
  if (decoder.take("relu")) after = afterwards<Rectify>(type);
  adjust(decoder, rounding, after);
  decode_operands<kOperands>(decoder, type);
}

template <class Op>
void decode_sum(Decoder& decoder) {  // add, sub
  const std::string type = decoder.take_type();
  Handler integer = of_types<Op, 2>(type, Integers{});
  if (type == "s32" && decoder.take("sat")) integer = &binary<s32, Saturating<Op>>;
  if (integer) {
    decoder.handler(integer);
    decode_operands<2>(decoder, type);
    return;
  }
  decode_rounded<Op, OnHalf<Op>, 2>(decoder, type);
}

// .approx and .full: computed as exactly as .rn, which is within what they promise.
void decode_divide(Decoder& decoder) {
  const std::string type = decoder.take_type();
  if (const Handler integer = of_types<Divide, 2>(type, Integers{})) {
    decoder.handler(integer);
    decode_operands<2>(decoder, type);
    return;
  }
  decoder.ignore({"approx", "full"});
  const bool flush = decoder.take("ftz");
  const int rounding = take_rounding(decoder);
  decoder.handler(of_float<Divide, 2>(type, flush));
  adjust(decoder, rounding, nullptr);
  decode_operands<2>(decoder, type);
}

template <class Op>
void decode_root(Decoder& decoder) {  // sqrt, rcp
  const std::string type = decoder.take_type();
  const bool approximate = decoder.take("approx"), flush = decoder.take("ftz");
  const int rounding = take_rounding(decoder);
  const bool of_double = approximate && type == "f64";  // these flush too, which is within their error
  decoder.handler(of_float<Op, 1>(type, flush && !of_double));
  adjust(decoder, rounding, nullptr);
  decode_operands<1>(decoder, type);
}

template <class Op>
void decode_extremum(Decoder& decoder) {  // min, max
  const std::string type = decoder.take_type();
  const bool nan = decoder.take("NaN"), flush = decoder.take("ftz");
  Handler chosen = flush || nan ? nullptr : of_types<Op, 2>(type, Integers{});
  using WithNan = NanPropagating<Op>;
  if (!chosen) chosen = nan ? of_float<WithNan, 2>(type, flush) : of_float<Op, 2>(type, flush);
  if (!chosen && !flush) chosen = nan ? of_half<OnHalf<WithNan>, 2>(type) : of_half<OnHalf<Op>, 2>(type);
  decoder.handler(chosen);
  decode_operands<2>(decoder, type);
}

template <class Op>
void decode_sign(Decoder& decoder) {  // neg, abs
  const std::string type = decoder.take_type();
  const bool flush = decoder.take("ftz");
  Handler chosen = flush ? nullptr : of_types<Op, 1>(type, Integers{});
  if (!chosen) chosen = of_float<Op, 1>(type, flush);
  if (!chosen && !flush) chosen = of_half<OnHalf<Op>, 1>(type);
  decoder.handler(chosen);
  decode_operands<1>(decoder, type);
}

void decode_copysign(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decoder.handler(of_float<CopySign, 2>(type, false));
  decode_operands<2>(decoder, type);
}

void decode_remainder(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decoder.handler(of_types<Remainder, 2>(type, Integers{}));
  decode_operands<2>(decoder, type);
}

}  // namespace

void decode_float_multiply(Decoder& decoder) {
  decode_rounded<Multiply, OnHalf<Multiply>, 2>(decoder, decoder.take_type());
}

void decode_fma(Decoder& decoder) {
  decode_rounded<FusedMultiplyAdd, HalfMultiplyAdd, 3>(decoder, decoder.take_type());
}

void add_arithmetic(DecodeTable& table) {
  table["add"] = &decode_sum<Add>;
  table["sub"] = &decode_sum<Subtract>;
  table["fma"] = &decode_fma;
  table["div"] = &decode_divide;
  table["rem"] = &decode_remainder;
  table["min"] = &decode_extremum<Minimum>;
  table["max"] = &decode_extremum<Maximum>;
  table["neg"] = &decode_sign<Negate>;
  table["abs"] = &decode_sign<Absolute>;
  table["sqrt"] = &decode_root<SquareRoot>;
  table["rcp"] = &decode_root<Reciprocal>;
  table["copysign"] = &decode_copysign;
}

}  // namespace simulated_gpu::ptx
