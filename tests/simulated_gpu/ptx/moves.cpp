// mov (also packing and unpacking), cvta, isspacep, and reading the clocks.
#include <string>

#include "execution/memory.h"
#include "ptx/elementwise.h"
#include "ptx/groups.h"

namespace simulated_gpu::ptx {
namespace {

struct Identity {
  template <class T>
  static T apply(T a) {
    return a;
  }
};

Handler move_handler(int bytes) {
  return bytes == 2 ? &unary<u16, Identity> : bytes == 4 ? &unary<u32, Identity> : &unary<u64, Identity>;
}

void move_predicate(Warp& warp, const Instruction& i) {
  write_predicate(warp, i.result, predicate_operand(warp, i, i.a));
}

u64 lane_value(const Warp& warp, u32 offset, u8 lane_bytes, u32 lane) {
  return lane_bytes == 8 ? row<u64>(warp, offset)[lane] : row<u32>(warp, offset)[lane];
}
void set_lane_value(const Warp& warp, u32 offset, u8 lane_bytes, u32 lane, u64 value) {
  if (lane_bytes == 8)
    row<u64>(warp, offset)[lane] = value;
  else
    row<u32>(warp, offset)[lane] = static_cast<u32>(value);
}

// The parts, of element_bytes each, lie in the whole from its low end.
void pack(Warp& warp, const Instruction& i) {
  const u32 bits = 8u * i.element_bytes;
  const u64 mask = (u64{1} << bits) - 1;
  for_each_lane(warp.mask, [&](u32 lane) {
    u64 whole = 0;
    for (u32 k = 0; k < i.elements; ++k) whole |= (row<u32>(warp, i.parts[k])[lane] & mask) << (k * bits);
    set_lane_value(warp, i.result, i.lane_bytes, lane, whole);
  });
}
void unpack(Warp& warp, const Instruction& i) {
  const u32 bits = 8u * i.element_bytes;
  const u64 mask = (u64{1} << bits) - 1;
  for_each_lane(warp.mask, [&](u32 lane) {
    const u64 whole = lane_value(warp, i.a, i.address_lane_bytes, lane);
    for (u32 k = 0; k < i.elements; ++k)
      if (i.parts[k]) row<u32>(warp, i.parts[k])[lane] = static_cast<u32>(whole >> (k * bits) & mask);
  });
}

void decode_packing(Decoder& decoder, const std::string& type) {
  Instruction& i = decoder.instruction;
  const bool unpacks = decoder.operand(0)[0] == '{';
  const auto parts = decoder.operand_list(unpacks ? 0 : 1);
  i.elements = static_cast<u8>(parts.size());
  i.element_bytes = static_cast<u8>(static_cast<size_t>(type_bytes(type)) / parts.size());
  if (parts.size() > 4 || i.element_bytes > 4 || i.element_bytes == 0) decoder.fail("no such variant");
  for (size_t k = 0; k < parts.size(); ++k) i.parts[k] = decoder.row_of(parts[k], 4);
  if (unpacks) {
    i.a = decoder.row_of(decoder.operand(1), lane_bytes_of(type), &i.address_lane_bytes);
    decoder.handler(&unpack);
  } else {
    i.result = decoder.result_row(decoder.operand(0), &i.lane_bytes);
    decoder.handler(&pack);
  }
}

void kernel_parameter_address(Warp& warp, const Instruction& i) {
  const u64 address = reinterpret_cast<u64>(warp.block->run->arguments.data()) + static_cast<u64>(i.immediate);
  write_lanes<u64>(warp, i.result, [=](u32) { return address; });
}
void call_parameter_address(Warp& warp, const Instruction& i) {
  const u64 base = reinterpret_cast<u64>(warp.call_parameters) + static_cast<u64>(i.immediate);
  const u64 bytes = warp.call_parameter_bytes;
  write_lanes<u64>(warp, i.result, [=](u32 lane) { return base + lane * bytes; });
}

// The clocks move with every look at them, so that whoever waits for them gets on.
template <class T>
void read_clock(Warp& warp, const Instruction& i) {
  const u64 now = warp.block->clock += 64;
  const u32 shift = i.variant ? 32 : 0;
  write_lanes<T>(warp, i.result, [=](u32) { return static_cast<T>(now >> shift); });
}
Handler clock_handler(const std::string& name) {
  if (name == "%clock64" || name == "%globaltimer") return &read_clock<u64>;
  if (name == "%clock" || name == "%clock_hi" || name == "%globaltimer_lo" || name == "%globaltimer_hi")
    return &read_clock<u32>;
  return nullptr;
}

bool decode_parameter_address(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const auto address = decoder.symbols().address_of(decoder.operand(1));
  if (!address) return false;
  i.immediate = static_cast<s64>(address->value);
  if (address->space == Space::kKernelParameter)
    decoder.handler(&kernel_parameter_address);
  else if (address->space == Space::kCallParameter)
    decoder.handler(&call_parameter_address);
  else
    return false;
  return true;
}

void decode_move(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const std::string type = decoder.take_type();
  const std::string& from = decoder.operand(1);
  if (decoder.operand(0)[0] == '{' || from[0] == '{') return decode_packing(decoder, type);
  i.result = decoder.result(0);
  if (decode_parameter_address(decoder)) return;
  if (const Handler clock = clock_handler(from)) {
    i.variant = from.ends_with("_hi");
    return decoder.handler(clock);
  }
  if (type == "pred") {
    i.a = decoder.predicate_source(1);
    return decoder.handler(&move_predicate);
  }
  decoder.handler(move_handler(type_bytes(type)));
  i.a = decoder.source(1, lane_bytes_of(type));
}

// Generic addresses are host addresses. Addresses in shared and local memory count from the start of the block's and
// the lane's part.
template <bool kToGeneric>
void convert_shared(Warp& warp, const Instruction& i) {
  const auto a = source<u64>(warp, i.a);
  const u64 base = reinterpret_cast<u64>(warp.block->identity.shared);
  write_lanes<u64>(warp, i.result, [=](u32 lane) { return kToGeneric ? a[lane] + base : a[lane] - base; });
}
template <bool kToGeneric>
void convert_local(Warp& warp, const Instruction& i) {
  const auto a = source<u64>(warp, i.a);
  const u64 base = reinterpret_cast<u64>(warp.local), bytes = warp.local_bytes;
  write_lanes<u64>(warp, i.result, [=](u32 lane) {
    const u64 own = base + lane * bytes;
    return kToGeneric ? a[lane] + own : a[lane] - own;
  });
}

void decode_convert_address(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  const bool from_generic = decoder.take("to");
  const int space = decoder.require_any({"global", "const", "param", "shared", "shared::cta", "local"});
  if (decoder.take_type() != "u64") decoder.fail("no such variant");
  i.result = decoder.result(0);
  if (space < 3) {
    if (decode_parameter_address(decoder)) return;
    decoder.handler(move_handler(8));
  } else if (space < 5)
    decoder.handler(from_generic ? &convert_shared<false> : &convert_shared<true>);
  else
    decoder.handler(from_generic ? &convert_local<false> : &convert_local<true>);
  i.a = decoder.source(1, 8);
}

enum Within : u8 { kGlobal, kShared, kLocal };

void is_in_space(Warp& warp, const Instruction& i) {
  const auto a = source<u64>(warp, i.a);
  const u64 shared = reinterpret_cast<u64>(warp.block->identity.shared), local = reinterpret_cast<u64>(warp.local);
  u32 bits = 0;
  for (u32 lane = 0; lane < kWarpSize; ++lane) {
    const bool in_shared = a[lane] - shared < kSharedSlot, in_local = a[lane] - local < kWarpSize * warp.local_bytes;
    const bool holds = i.variant == kShared ? in_shared : i.variant == kLocal ? in_local : !in_shared && !in_local;
    bits |= static_cast<u32>(holds) << lane;
  }
  write_predicate(warp, i.result, bits);
}

void decode_is_in_space(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  constexpr u8 kSpaces[] = {kGlobal, kShared, kShared, kLocal};
  i.variant = kSpaces[decoder.require_any({"global", "shared", "shared::cta", "local"})];
  decoder.handler(&is_in_space);
  i.result = decoder.result(0);
  i.a = decoder.source(1, 8);
}

}  // namespace

void add_moves(DecodeTable& table) {
  table["mov"] = &decode_move;
  table["cvta"] = &decode_convert_address;
  table["isspacep"] = &decode_is_in_space;
}

}  // namespace simulated_gpu::ptx
