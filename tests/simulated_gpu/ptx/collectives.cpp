// What the lanes of a warp do together: shfl, vote, match, redux, activemask.
// The scheduler has gathered the lanes named in `members` when a handler runs.
#include <string>

#include "ptx/elementwise.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

enum class Shuffle : u8 { kUp, kDown, kButterfly, kIndex };

// c: bits 0-4 the last lane of a segment (for up: the first), bits 8-12 which bits of a lane number tell the segment.
void shuffle(Warp& warp, const Instruction& i) {
  const auto kind = static_cast<Shuffle>(i.variant);
  u32 values[kWarpSize];
  for_all_lanes([&, a = row<u32>(warp, i.a)](u32 lane) { values[lane] = a[lane]; });
  const u32 *b = row<u32>(warp, i.b), *c = row<u32>(warp, i.c);
  u32* result = row<u32>(warp, i.result);
  u32 in_range = 0;
  for_each_lane(warp.mask, [&](u32 unsigned_lane) {
    const int lane = static_cast<int>(unsigned_lane);
    const int operand = static_cast<int>(b[lane] & 31), clamp = static_cast<int>(c[lane] & 31);
    const int segment = static_cast<int>(c[lane] >> 8 & 31);
    const int limit = (lane & segment) | (clamp & ~segment);
    int from = lane;
    switch (kind) {
      case Shuffle::kUp:
        from = lane - operand;
        break;
      case Shuffle::kDown:
        from = lane + operand;
        break;
      case Shuffle::kButterfly:
        from = lane ^ operand;
        break;
      case Shuffle::kIndex:
        from = (lane & segment) | (operand & ~segment);
        break;
    }
    const bool valid = kind == Shuffle::kUp ? from >= limit : from <= limit;
    if (!valid) from = lane;
    if (!(warp.mask >> from & 1))
      stop("shuffle", thread_at(warp, unsigned_lane) + " reads lane " + std::to_string(from) +
                          ", which does not take part (undefined value)");
    result[lane] = values[from];
    in_range |= static_cast<u32>(valid) << lane;
  });
  if (i.second_result) write_predicate(warp, i.second_result, in_range);
  warp.counts.shuffles++;
}

enum class Vote : u8 { kAll, kAny, kUniform, kBallot };

void vote(Warp& warp, const Instruction& i) {
  const u32 holds = predicate_operand(warp, i, i.a) & warp.mask;
  switch (static_cast<Vote>(i.variant)) {
    case Vote::kAll:
      return write_predicate(warp, i.result, holds == warp.mask ? ~0u : 0);
    case Vote::kAny:
      return write_predicate(warp, i.result, holds ? ~0u : 0);
    case Vote::kUniform:
      return write_predicate(warp, i.result, holds == warp.mask || !holds ? ~0u : 0);
    case Vote::kBallot:
      return write_lanes<u32>(warp, i.result, [=](u32) { return holds; });
  }
}

// match.any: which lanes have the same value; match.all (variant 1): all of them, or none.
template <class T>
void match(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  u32 same[kWarpSize] = {};
  bool all = true;
  for_each_lane(warp.mask, [&](u32 lane) {
    for_each_lane(warp.mask, [&](u32 other) { same[lane] |= static_cast<u32>(a[other] == a[lane]) << other; });
    all &= same[lane] == warp.mask;
  });
  u32* result = row<u32>(warp, i.result);
  for_each_lane(warp.mask, [&](u32 lane) { result[lane] = i.variant ? (all ? warp.mask : 0) : same[lane]; });
  if (i.second_result) write_predicate(warp, i.second_result, all ? ~0u : 0);
}

template <class T, class Op>
void reduce(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  const u32 first = first_lane(warp.mask);
  T total = a[first];
  for_each_lane(warp.mask & ~(1u << first), [&](u32 lane) { total = Op::apply(total, a[lane]); });
  write_lanes<T>(warp, i.result, [=](u32) { return total; });
}

void active_mask(Warp& warp, const Instruction& i) {
  const u32 lanes = warp.mask;
  write_lanes<u32>(warp, i.result, [=](u32) { return lanes; });
}

void collective(Decoder& decoder, size_t members) {
  decoder.require_any({"sync"});
  decoder.instruction.control = Control::kCollective;
  decoder.instruction.members = decoder.source(members, 4);
}

void decode_shuffle(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  i.variant = static_cast<u8>(decoder.require_any({"up", "down", "bfly", "idx"}));
  decoder.take_type();
  decoder.handler(&shuffle);
  decoder.result_pair(0);
  i.a = decoder.source(1, 4);
  i.b = decoder.source(2, 4);
  i.c = decoder.source(3, 4);
  collective(decoder, 4);
}

void decode_vote(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  i.variant = static_cast<u8>(decoder.require_any({"all", "any", "uni", "ballot"}));
  decoder.take_type();
  decoder.handler(&vote);
  i.result = decoder.result(0);
  i.a = decoder.predicate_source(1);
  collective(decoder, 2);
}

void decode_match(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  i.variant = decoder.require_any({"any", "all"}) == 1;
  const std::string type = decoder.take_type();
  decoder.handler(type == "b32" ? &match<u32> : type == "b64" ? &match<u64> : nullptr);
  decoder.result_pair(0);
  i.a = decoder.source(1, lane_bytes_of(type));
  collective(decoder, 2);
}

template <class Op, class Types>
Handler reduce_handler(std::string_view type, Types types) {
  return for_type(computed_as(type), types, []<class T>(TypeTag<T>) -> Handler { return &reduce<T, Op>; });
}
void decode_reduce(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  using Numbers = TypeList<u32, s32>;
  using Bits = TypeList<u32>;
  const int operation = decoder.require_any({"add", "min", "max", "and", "or", "xor"});
  const std::string type = decoder.take_type();
  switch (operation) {
    case 0:
      decoder.handler(reduce_handler<Add>(type, Numbers{}));
      break;
    case 1:
      decoder.handler(reduce_handler<Minimum>(type, Numbers{}));
      break;
    case 2:
      decoder.handler(reduce_handler<Maximum>(type, Numbers{}));
      break;
    case 3:
      decoder.handler(reduce_handler<And>(type, Bits{}));
      break;
    case 4:
      decoder.handler(reduce_handler<Or>(type, Bits{}));
      break;
    default:
      decoder.handler(reduce_handler<Xor>(type, Bits{}));
  }
  i.result = decoder.result(0);
  i.a = decoder.source(1, 4);
  collective(decoder, 2);
}

void decode_active_mask(Decoder& decoder) {
  decoder.take_type();
  decoder.handler(&active_mask);
  decoder.instruction.result = decoder.result(0);
}

}  // namespace

void add_collectives(DecodeTable& table) {
  table["shfl"] = &decode_shuffle;
  table["vote"] = &decode_vote;
  table["match"] = &decode_match;
  table["redux"] = &decode_reduce;
  table["activemask"] = &decode_active_mask;
}

}  // namespace simulated_gpu::ptx
