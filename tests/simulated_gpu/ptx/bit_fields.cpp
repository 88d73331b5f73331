// popc, clz, brev, bfind, bfe, bfi, bmsk, prmt.
#include <algorithm>
#include <bit>
#include <string>

#include "ptx/elementwise.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

template <class T>
void count_ones(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  write_lanes<u32>(warp, i.result, [=](u32 lane) { return static_cast<u32>(std::popcount(a[lane])); });
}
template <class T>
void leading_zeros(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  write_lanes<u32>(warp, i.result, [=](u32 lane) { return static_cast<u32>(std::countl_zero(a[lane])); });
}
struct Reverse {
  template <class T>
  static T apply(T a) {
    T reversed = 0;
    for (u32 k = 0; k < 8 * sizeof(T); ++k) reversed = static_cast<T>(reversed << 1 | (a >> k & 1));
    return reversed;
  }
};

// bfind: position of the highest bit that is not a sign bit, ~0 where there is none; variant 1: the shift that brings
// it to the top.
template <class T>
void find_highest(Warp& warp, const Instruction& i) {
  using Unsigned = std::make_unsigned_t<T>;
  constexpr u32 kBits = 8 * sizeof(T);
  const auto a = source<T>(warp, i.a);
  const bool as_shift = i.variant;
  write_lanes<u32>(warp, i.result, [=](u32 lane) {
    const T value = a[lane];
    const Unsigned bits = static_cast<Unsigned>(value < 0 ? ~value : value);
    if (bits == 0) return ~0u;
    const u32 shift = static_cast<u32>(std::countl_zero(bits));
    return as_shift ? shift : kBits - 1 - shift;
  });
}

// bfe: c bits of a from position b, the rest filled with zeros or, signed, with the field's top bit.
template <class T>
void extract_field(Warp& warp, const Instruction& i) {
  constexpr u32 kBits = 8 * sizeof(T);
  const auto a = source<T>(warp, i.a);
  const auto b = source<u32>(warp, i.b), c = source<u32>(warp, i.c);
  write_lanes<T>(warp, i.result, [=](u32 lane) {
    const u32 position = b[lane] & 255, length = c[lane] & 255;
    if (length == 0) return T{0};
    const u64 value = static_cast<u64>(a[lane]);
    const u32 top = std::min(position + length - 1, kBits - 1);
    const u64 fill = kIsSigned<T> && (value >> top & 1) ? ~u64{0} : 0;
    const u64 field = position >= kBits ? fill : value >> position;
    const u32 kept = position >= kBits ? 0 : std::min(length, kBits - position);
    const u64 mask = kept >= 64 ? ~u64{0} : (u64{1} << kept) - 1;
    return static_cast<T>((field & mask) | (fill & ~mask));
  });
}

// bfi: the low d bits of a put into b at position c.
template <class T>
void insert_field(Warp& warp, const Instruction& i) {
  constexpr u32 kBits = 8 * sizeof(T);
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  const auto c = source<u32>(warp, i.c), d = source<u32>(warp, i.d);
  write_lanes<T>(warp, i.result, [=](u32 lane) {
    const u32 position = c[lane] & 255, length = std::min(d[lane] & 255, kBits);
    if (position >= kBits || length == 0) return b[lane];
    const u64 mask = (length >= 64 ? ~u64{0} : (u64{1} << length) - 1) << position;
    return static_cast<T>((b[lane] & ~mask) | (u64{a[lane]} << position & mask));
  });
}

struct FieldMask {  // bmsk: b ones from position a; variant: out of range is clamped, as opposed to .wrap
  static u32 apply(u32 a, u32 b) {
    if (a >= 32 || b == 0) return 0;
    return static_cast<u32>(((u64{1} << std::min(b, 32u)) - 1) << a);
  }
};
struct FieldMaskWrapped {
  static u32 apply(u32 a, u32 b) { return FieldMask::apply(a & 31, b & 31); }
};

// prmt: four of the eight bytes of b:a; bit 3 of a selector spreads the byte's sign.
struct PermuteBytes {
  static u32 apply(u32 a, u32 b, u32 selectors) {
    const u64 bytes = u64{b} << 32 | a;
    u32 value = 0;
    for (u32 k = 0; k < 4; ++k) {
      const u32 selector = selectors >> (4 * k) & 15;
      u32 byte = static_cast<u32>(bytes >> (8 * (selector & 7))) & 255;
      if (selector & 8) byte = byte & 128 ? 255 : 0;
      value |= byte << (8 * k);
    }
    return value;
  }
};

using Words3264 = TypeList<u32, u64>;
using Integers3264 = TypeList<u32, s32, u64, s64>;

template <class Choose>
Handler of_words(std::string_view type, Choose choose) {
  return for_type(computed_as(type), Words3264{}, choose);
}

void decode_one(Decoder& decoder, const std::string& type, Handler handler) {
  decoder.handler(handler);
  decoder.instruction.result = decoder.result(0);
  decoder.instruction.a = decoder.source(1, lane_bytes_of(type));
}

void decode_count(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decode_one(decoder, type, of_words(type, []<class T>(TypeTag<T>) -> Handler { return &count_ones<T>; }));
}
void decode_leading_zeros(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decode_one(decoder, type, of_words(type, []<class T>(TypeTag<T>) -> Handler { return &leading_zeros<T>; }));
}
void decode_reverse(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decode_one(decoder, type, of_words(type, []<class T>(TypeTag<T>) -> Handler { return &unary<T, Reverse>; }));
}
void decode_find(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decoder.instruction.variant = decoder.take("shiftamt");
  decode_one(decoder, type,
             for_type(type, Integers3264{}, []<class T>(TypeTag<T>) -> Handler { return &find_highest<T>; }));
}

void decode_extract(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decode_one(decoder, type,
             for_type(type, Integers3264{}, []<class T>(TypeTag<T>) -> Handler { return &extract_field<T>; }));
  decoder.instruction.b = decoder.source(2, 4);
  decoder.instruction.c = decoder.source(3, 4);
}
void decode_insert(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decode_one(decoder, type, of_words(type, []<class T>(TypeTag<T>) -> Handler { return &insert_field<T>; }));
  decoder.instruction.b = decoder.source(2, lane_bytes_of(type));
  decoder.instruction.c = decoder.source(3, 4);
  decoder.instruction.d = decoder.source(4, 4);
}
void decode_mask(Decoder& decoder) {
  const bool wrap = decoder.require_any({"clamp", "wrap"}) == 1;
  const std::string type = decoder.take_type();
  decode_one(decoder, type, wrap ? &binary<u32, FieldMaskWrapped> : &binary<u32, FieldMask>);
  decoder.instruction.b = decoder.source(2, 4);
}
void decode_permute(Decoder& decoder) {
  const std::string type = decoder.take_type();
  decode_one(decoder, type, &ternary<u32, PermuteBytes>);
  decoder.instruction.b = decoder.source(2, 4);
  decoder.instruction.c = decoder.source(3, 4);
}

}  // namespace

void add_bit_fields(DecodeTable& table) {
  table["popc"] = &decode_count;
  table["clz"] = &decode_leading_zeros;
  table["brev"] = &decode_reverse;
  table["bfind"] = &decode_find;
  table["bfe"] = &decode_extract;
  table["bfi"] = &decode_insert;
  table["bmsk"] = &decode_mask;
  table["prmt"] = &decode_permute;
}

}  // namespace simulated_gpu::ptx
