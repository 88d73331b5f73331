// cvt: between any two number types, to pairs of halves, and to tf32.
#include <cfenv>
#include <string>

#include "ptx/convert_value.h"
#include "ptx/elementwise.h"
#include "ptx/float_modes.h"
#include "ptx/groups.h"

namespace simulated_gpu::ptx {
namespace {

using Convertible = TypeList<u8, s8, u16, s16, u32, s32, u64, s64, f16, bf16, f32, f64>;

// variant of the instruction: the modes.
u8 packed(const ConversionModes& modes) {
  return static_cast<u8>(static_cast<u32>(modes.integer_rounding) | u32{modes.saturate} << 3 | u32{modes.flush} << 4 |
                         u32{modes.toward_zero} << 5 | u32{modes.rectify} << 6);
}
ConversionModes modes_of(const Instruction& i) {
  return {static_cast<IntegerRounding>(i.variant & 7), (i.variant & 8) != 0, (i.variant & 16) != 0,
          (i.variant & 32) != 0, (i.variant & 64) != 0};
}

// Registers may be wider than the types: integers then fill them by their own sign.
template <class To>
u64 extended(To value) {
  if constexpr (std::is_integral_v<To>)
    return static_cast<u64>(value);
  else
    return to_lane<To>(value);
}

template <class To, class From>
void convert(Warp& warp, const Instruction& i) {
  const ConversionModes modes = modes_of(i);
  for_each_lane(warp.mask, [&](u32 lane) {
    const u64 bits = i.address_lane_bytes == 8 ? row<u64>(warp, i.a)[lane] : row<u32>(warp, i.a)[lane];
    const u64 value = extended(converted<To>(from_lane<From>(static_cast<Lane<From>>(bits)), modes));
    if (i.lane_bytes == 8)
      row<u64>(warp, i.result)[lane] = value;
    else
      row<u32>(warp, i.result)[lane] = static_cast<u32>(value);
  });
}

// The common case, with SIMD: no modes, registers as wide as the types.
template <class To, class From>
void convert_plain(Warp& warp, const Instruction& i) {
  const auto a = source<From>(warp, i.a);
  write_lanes<To>(warp, i.result, [=](u32 lane) { return static_cast<To>(a[lane]); });
}
template <class To, class From>
constexpr bool kHasPlain = std::is_arithmetic_v<To>&& std::is_arithmetic_v<From> && sizeof(To) >= 4 &&
                           (std::is_integral_v<From> || std::is_floating_point_v<To>);
template <class Half>
void convert_half_to_float(Warp& warp, const Instruction& i) {
  const auto a = source<Half>(warp, i.a);
  write_lanes<f32>(warp, i.result, [=](u32 lane) { return widen(a[lane]); });
}
template <class Half>
void convert_float_to_half(Warp& warp, const Instruction& i) {
  const auto a = source<f32>(warp, i.a);
  write_lanes<Half>(warp, i.result, [=](u32 lane) { return narrow<Half>(a[lane]); });
}

template <class To, class From>
Handler conversion_handler(const Instruction& i) {
  const bool same_width = i.lane_bytes == sizeof(Lane<To>) && i.address_lane_bytes == sizeof(Lane<From>);
  if (i.variant == 0 && same_width) {
    if constexpr (kHasPlain<To, From>) return &convert_plain<To, From>;
    if constexpr (std::is_same_v<To, f32> && kIsHalf<From>) return &convert_half_to_float<From>;
    if constexpr (std::is_same_v<From, f32> && kIsHalf<To>) return &convert_float_to_half<To>;
  }
  return &convert<To, From>;
}

// cvt.rn.f16x2.f32 d, a, b: a becomes the high half.
template <class Half>
void convert_pair(Warp& warp, const Instruction& i) {
  const auto a = source<f32>(warp, i.a), b = source<f32>(warp, i.b);
  const ConversionModes modes = modes_of(i);
  write_lanes<Pair<Half>>(warp, i.result, [=](u32 lane) {
    return Pair<Half>{float_to_float<Half>(static_cast<f64>(b[lane]), modes),
                      float_to_float<Half>(static_cast<f64>(a[lane]), modes)};
  });
}

// cvt.rna.tf32.f32: 10 bits of mantissa, ties away from zero; the 13 low bits of the register are 0.
void convert_tf32(Warp& warp, const Instruction& i) {
  const auto a = source<u32>(warp, i.a);
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    const bool number = (a[lane] & 0x7f800000) != 0x7f800000;
    return number ? (a[lane] + 0x1000) & 0xffffe000 : a[lane] & 0xffffe000;
  });
}

ConversionModes take_modes(Decoder& decoder) {
  ConversionModes modes;
  modes.integer_rounding = static_cast<IntegerRounding>(1 + decoder.take_any({"rni", "rzi", "rmi", "rpi"}));
  modes.saturate = decoder.take("sat");
  modes.flush = decoder.take("ftz");
  modes.rectify = decoder.take("relu");
  return modes;
}

void decode_convert_pair(Decoder& decoder, const std::string& to, int rounding, ConversionModes modes) {
  Instruction& i = decoder.instruction;
  i.variant = packed(modes);
  decoder.handler(for_type(to, HalfPairs{}, []<class H>(TypeTag<Pair<H>>) -> Handler { return &convert_pair<H>; }));
  adjust(decoder, rounding, nullptr);
  i.result = decoder.result(0);
  i.a = decoder.source(1, 4);
  i.b = decoder.source(2, 4);
}

void decode_convert(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const bool nearest_away = decoder.take("rna");
  const int rounding = take_rounding(decoder);
  ConversionModes modes = take_modes(decoder);
  modes.toward_zero = rounding == FE_TOWARDZERO;
  const std::string to = decoder.take_type(), from = decoder.take_type();
  if (to.starts_with("bf16") && rounding != FE_TONEAREST && !modes.toward_zero) decoder.fail("no such variant");
  if (to.ends_with("x2") && from == "f32") return decode_convert_pair(decoder, to, rounding, modes);
  if (nearest_away != (to == "tf32")) decoder.fail("no such variant");
  i.result = decoder.result_row(decoder.operand(0), &i.lane_bytes);
  i.a = decoder.row_of(decoder.operand(1), lane_bytes_of(from), &i.address_lane_bytes);
  i.variant = packed(modes);
  if (to == "tf32") return decoder.handler(from == "f32" ? &convert_tf32 : nullptr);
  decoder.handler(for_type(to, Convertible{}, [&]<class To>(TypeTag<To>) {
    return for_type(from, Convertible{}, [&]<class From>(TypeTag<From>) { return conversion_handler<To, From>(i); });
  }));
  adjust(decoder, rounding, nullptr);
}

}  // namespace

void add_conversions(DecodeTable& table) {
  table["cvt"] = &decode_convert;
}

}  // namespace simulated_gpu::ptx
