// add.cc, addc, sub.cc, subc, mad.cc, madc: arithmetic with a carry in the condition code.
#include <string>

#include "ptx/groups.h"
#include "ptx/lanes.h"

namespace simulated_gpu::ptx {
namespace {

enum class Operation : u8 { kAdd, kSubtract, kMultiplyAddLow, kMultiplyAddHigh };

// variant: the Operation; immediate: bit 0 takes the carry in, bit 1 gives one out.
constexpr s64 kCarryIn = 1, kCarryOut = 2;

template <class T>
void with_carry(Warp& warp, const Instruction& i) {
  constexpr u32 kBits = 8 * sizeof(T);
  const auto operation = static_cast<Operation>(i.variant);
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b), c = source<T>(warp, i.c);
  T* result = row<T>(warp, i.result);
  u32 carries = 0;
  for_each_lane(warp.mask, [&](u32 lane) {
    const u128 in = i.immediate & kCarryIn ? warp.carry >> lane & 1 : 0;
    u128 x = a[lane], y = b[lane], value;
    if (operation == Operation::kMultiplyAddLow || operation == Operation::kMultiplyAddHigh) {
      const u128 product = x * y;
      x = static_cast<T>(operation == Operation::kMultiplyAddLow ? product : product >> kBits);
      y = c[lane];
    }
    if (operation == Operation::kSubtract) {
      value = x - y - in;
      carries |= static_cast<u32>(x < y + in) << lane;
    } else {
      value = x + y + in;
      carries |= static_cast<u32>(value >> kBits & 1) << lane;
    }
    result[lane] = static_cast<T>(value);
  });
  if (i.immediate & kCarryOut) warp.carry = (warp.carry & ~warp.mask) | carries;
}

template <bool kIn, bool kMultiplies>
void decode_carry(Decoder& decoder, Operation operation) {
  Instruction& i = decoder.instruction;
  const bool out = decoder.take("cc");
  if (kMultiplies && decoder.require_any({"lo", "hi"}) == 1) operation = Operation::kMultiplyAddHigh;
  const std::string type = decoder.take_type();
  const u8 lane_bytes = lane_bytes_of(type);
  if (type_bytes(type) < 4) decoder.fail("no such variant");
  i.variant = static_cast<u8>(operation);
  i.immediate = (kIn ? kCarryIn : 0) | (out ? kCarryOut : 0);
  decoder.handler(lane_bytes == 8 ? &with_carry<u64> : &with_carry<u32>);
  if (kMultiplies && type[0] == 's' && operation == Operation::kMultiplyAddHigh) decoder.fail("signed high product");
  i.result = decoder.result(0);
  i.a = decoder.source(1, lane_bytes);
  i.b = decoder.source(2, lane_bytes);
  if (kMultiplies) i.c = decoder.source(3, lane_bytes);
}

}  // namespace

void add_extended_precision(DecodeTable& table) {
  table["addc"] = [](Decoder& decoder) { decode_carry<true, false>(decoder, Operation::kAdd); };
  table["subc"] = [](Decoder& decoder) { decode_carry<true, false>(decoder, Operation::kSubtract); };
  table["madc"] = [](Decoder& decoder) { decode_carry<true, true>(decoder, Operation::kMultiplyAddLow); };
  table["add.cc"] = [](Decoder& decoder) { decode_carry<false, false>(decoder, Operation::kAdd); };
  table["sub.cc"] = [](Decoder& decoder) { decode_carry<false, false>(decoder, Operation::kSubtract); };
  table["mad.cc"] = [](Decoder& decoder) { decode_carry<false, true>(decoder, Operation::kMultiplyAddLow); };
}

}  // namespace simulated_gpu::ptx
