// atom, red. The lanes of a warp take their turn in lane order, each indivisibly.
#include <string>

#include "ptx/groups.h"
#include "ptx/memory_access.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

// new value = Op::apply(old, operand, second operand); the second is used by compare-and-swap alone.
template <class Op>
struct Combine {
  template <class T>
  static T apply(T old, T operand, T) {
    return Op::apply(old, operand);
  }
};
struct Exchange {
  template <class T>
  static T apply(T, T operand, T) {
    return operand;
  }
};
struct CompareAndSwap {
  template <class T>
  static T apply(T old, T expected, T desired) {
    return old == expected ? desired : old;
  }
};
struct Increment {  // wraps around behind the operand
  template <class T>
  static T apply(T old, T operand, T) {
    return old >= operand ? T{0} : static_cast<T>(old + 1);
  }
};
struct Decrement {
  template <class T>
  static T apply(T old, T operand, T) {
    return old == 0 || old > operand ? operand : static_cast<T>(old - 1);
  }
};

template <size_t kBytes>
using WordOf = std::conditional_t<kBytes == 8, u64, std::conditional_t<kBytes == 4, u32, u16>>;

template <class T, class Op>
void atomic(Warp& warp, const Instruction& i) {
  using Word = WordOf<sizeof(T)>;
  const LaneAddresses addresses = addresses_of(warp, i);
  report_if_watched(warp, i, addresses, sizeof(T), WarpAccess::Kind::kAtomic);
  const auto operand = source<T>(warp, i.b), second = source<T>(warp, i.c);
  Lane<T>* result = i.result ? row<Lane<T>>(warp, i.result) : nullptr;
  for_each_lane(warp.mask, [&](u32 lane) {
    Word* memory = host_pointer<Word>(addresses[lane]);
    const T x = operand[lane], y = second[lane];
    Word old = __atomic_load_n(memory, __ATOMIC_RELAXED), desired;
    do desired = std::bit_cast<Word>(Op::apply(std::bit_cast<T>(old), x, y));
    while (!__atomic_compare_exchange_n(memory, &old, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    if (result) result[lane] = old;
  });
}

using Integers3264 = TypeList<u32, s32, u64, s64>;
using Added = TypeList<u32, s32, u64, s64, f32, f64>;
using Words3264 = TypeList<u32, u64>;

template <class Op, class Types>
Handler atomic_handler(std::string_view type, Types types) {
  return for_type(computed_as(type), types, []<class T>(TypeTag<T>) -> Handler { return &atomic<T, Op>; });
}

Handler add_handler(Decoder& decoder, const std::string& type) {
  if (const Handler number = atomic_handler<Combine<Add>>(type, Added{})) return number;
  decoder.take("noftz");
  if (const Handler half = atomic_handler<Combine<OnHalf<Add>>>(type, Halves{})) return half;
  return atomic_handler<Combine<OnPair<OnHalf<Add>>>>(type, HalfPairs{});
}

Handler take_operation(Decoder& decoder) {
  const int operation = decoder.require_any({"add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec"});
  const std::string type = decoder.take_type();
  switch (operation) {
    case 0:
      return add_handler(decoder, type);
    case 1:
      return atomic_handler<Combine<Minimum>>(type, Integers3264{});
    case 2:
      return atomic_handler<Combine<Maximum>>(type, Integers3264{});
    case 3:
      return atomic_handler<Combine<And>>(type, Words3264{});
    case 4:
      return atomic_handler<Combine<Or>>(type, Words3264{});
    case 5:
      return atomic_handler<Combine<Xor>>(type, Words3264{});
    case 6:
      return atomic_handler<Exchange>(type, Words3264{});
    case 7:
      return atomic_handler<CompareAndSwap>(type, Words{});
    case 8:
      return atomic_handler<Increment>(type, TypeList<u32>{});
    default:
      return atomic_handler<Decrement>(type, TypeList<u32>{});
  }
}

// The width of the operands' registers: that of the opcode's one type.
u8 operand_lane_bytes(const std::string& text) {
  const std::string opcode = text.substr(0, text.find_first_of(" \t"));
  return lane_bytes_of(opcode.substr(opcode.rfind('.') + 1));
}

template <bool kReturnsOld>
void decode_atomic(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  i.strong = true;
  i.release = decoder.take("release");
  i.release |= decoder.take("acq_rel");
  decoder.ignore({"relaxed", "acquire", "cta", "cluster", "gpu", "sys"});
  constexpr Space kSpaces[] = {Space::kGlobal, Space::kShared, Space::kShared};
  const int space = decoder.take_any({"global", "shared", "shared::cta"});
  i.space = space < 0 ? Space::kGeneric : kSpaces[space];
  decoder.handler(take_operation(decoder));
  const u8 lane_bytes = operand_lane_bytes(*i.text);
  size_t next = 0;
  if (kReturnsOld) i.result = decoder.result(next++);
  decoder.memory(next++);
  i.b = decoder.source(next++, lane_bytes);
  if (next < decoder.operands()) i.c = decoder.source(next, lane_bytes);
}

}  // namespace

void add_atomics(DecodeTable& table) {
  table["atom"] = &decode_atomic<true>;
  table["red"] = &decode_atomic<false>;
}

}  // namespace simulated_gpu::ptx
