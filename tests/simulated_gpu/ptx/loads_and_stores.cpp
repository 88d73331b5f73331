// ld, ldu, st, and the hints to caches.
#include <cstring>
#include <string>

#include "ptx/groups.h"
#include "ptx/memory_access.h"

namespace simulated_gpu::ptx {
namespace {

template <class M>
union StrongValue {
  alignas(16) unsigned char bytes[16];
  M elements[16 / sizeof(M)];
};

// A strong vector access happens as one: Thrust and CUB publish a flag and a value that way.
void copy_at_once(void* to, const void* from, size_t bytes) {
  const bool aligned = (reinterpret_cast<u64>(to) | reinterpret_cast<u64>(from)) % bytes == 0;
  if (bytes == 16 && aligned)
    _mm_store_si128(static_cast<__m128i*>(to), _mm_load_si128(static_cast<const __m128i*>(from)));
  else if (bytes == 8 && aligned)
    __atomic_store_n(static_cast<u64*>(to), __atomic_load_n(static_cast<const u64*>(from), __ATOMIC_ACQUIRE),
                     __ATOMIC_RELEASE);
  else
    std::memcpy(to, from, bytes);
}

template <class T>
T read(u64 address) {
  T value;
  std::memcpy(&value, host_pointer(address), sizeof value);
  return value;
}
template <class T>
void write(u64 address, T value) {
  std::memcpy(host_pointer(address), &value, sizeof value);
}

// A whole warp that reads one after the other or all the same; false: it does neither.
template <class T>
bool load_pattern(T* out, const LaneAddresses& addresses) {
  const u64 first = addresses[0], stride = addresses[1] - first;
  bool regular = true;
  for_all_lanes([&](u32 lane) { regular &= addresses[lane] == first + lane * stride; });
  if (!regular || (stride != sizeof(T) && stride != 0)) return false;
  if (stride)
    std::memcpy(out, host_pointer(first), kWarpSize * sizeof(T));
  else {
    const T value = read<T>(first);
    for_all_lanes([=](u32 lane) { out[lane] = value; });
  }
  return true;
}

// Memory holds M, the register row L (u32 or u64): narrower values widen by their sign.
template <class M, class L>
void load(Warp& warp, const Instruction& i) {
  const LaneAddresses addresses = addresses_of(warp, i);
  const u32 bytes = static_cast<u32>(sizeof(M)) * i.elements;
  report_if_watched(warp, i, addresses, bytes, WarpAccess::Kind::kLoad);
  if (i.strong) {
    for_each_lane(warp.mask, [&](u32 lane) {
      StrongValue<M> value;
      copy_at_once(value.bytes, host_pointer(addresses[lane]), bytes);
      for (u32 k = 0; k < i.elements; ++k)
        if (i.parts[k]) row<L>(warp, i.parts[k])[lane] = static_cast<L>(value.elements[k]);
    });
    return;
  }
  if constexpr (sizeof(M) == sizeof(L))
    if (i.elements == 1 && warp.mask == kAllLanes && load_pattern(row<M>(warp, i.parts[0]), addresses)) return;
  for (u32 k = 0; k < i.elements; ++k) {
    if (!i.parts[k]) continue;
    L* out = row<L>(warp, i.parts[k]);
    for_each_lane(warp.mask, [&](u32 lane) { out[lane] = static_cast<L>(read<M>(addresses[lane] + k * sizeof(M))); });
  }
}

template <class M, class L>
void store(Warp& warp, const Instruction& i) {
  const LaneAddresses addresses = addresses_of(warp, i);
  const u32 bytes = static_cast<u32>(sizeof(M)) * i.elements;
  report_if_watched(warp, i, addresses, bytes, WarpAccess::Kind::kStore);
  if (i.strong) {
    for_each_lane(warp.mask, [&](u32 lane) {
      StrongValue<M> value;
      for (u32 k = 0; k < i.elements; ++k) value.elements[k] = static_cast<M>(row<L>(warp, i.parts[k])[lane]);
      copy_at_once(host_pointer(addresses[lane]), value.bytes, bytes);
    });
    return;
  }
  for (u32 k = 0; k < i.elements; ++k) {
    const L* in = row<L>(warp, i.parts[k]);
    for_each_lane(warp.mask, [&](u32 lane) { write(addresses[lane] + k * sizeof(M), static_cast<M>(in[lane])); });
  }
}

using Stored = TypeList<u8, s8, u16, s16, u32, s32, u64, s64>;

// What memory holds for the type: floats and halves are words of their width.
std::string_view stored_as(std::string_view type) {
  if (type[0] == 'u' || type[0] == 's' || type[0] == 'b') {
    if (type != "bf16" && type != "bf16x2") return computed_as(type);
  }
  const int bytes = type_bytes(type);
  return bytes == 2 ? "u16" : bytes == 4 ? "u32" : "u64";
}

void take_space(Decoder& decoder) {
  constexpr Space kSpaces[] = {Space::kGlobal, Space::kShared, Space::kShared,
                               Space::kLocal,  Space::kGlobal, Space::kGeneric};
  const int found = decoder.take_any({"global", "shared", "shared::cta", "local", "const", "param"});
  decoder.instruction.space = found < 0 ? Space::kGeneric : kSpaces[found];
}

// Orders, scopes and cache hints. All strong accesses are treated alike, whatever their scope.
void take_order(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  i.release = decoder.take("release");
  i.strong = i.release;
  for (const char* order : {"volatile", "relaxed", "acquire"}) i.strong |= decoder.take(order);
  decoder.ignore({"weak",
                  "cta",
                  "cluster",
                  "gpu",
                  "sys",
                  "nc",
                  "ca",
                  "cg",
                  "cs",
                  "lu",
                  "cv",
                  "wb",
                  "wt",
                  "L1::evict_normal",
                  "L1::evict_unchanged",
                  "L1::evict_first",
                  "L1::evict_last",
                  "L1::no_allocate",
                  "L2::evict_normal",
                  "L2::evict_first",
                  "L2::evict_last",
                  "L2::64B",
                  "L2::128B",
                  "L2::256B"});
  if (decoder.take("L2::cache_hint")) decoder.ignore_operand(2);
}

template <bool kLoads>
void decode_access(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  take_space(decoder);
  take_order(decoder);
  const int vector = decoder.take_any({"v2", "v4"});
  const std::string type = decoder.take_type();
  i.element_bytes = static_cast<u8>(type_bytes(type));
  decoder.vector(kLoads ? 0 : 1, lane_bytes_of(type));
  if (i.elements != (vector < 0 ? 1 : vector == 0 ? 2 : 4) || i.elements * i.element_bytes > 16)
    decoder.fail("no such variant");
  decoder.memory(kLoads ? 1 : 0);
  decoder.handler(for_type(stored_as(type), Stored{}, [&]<class M>(TypeTag<M>) -> Handler {
    if constexpr (kLoads)
      return i.lane_bytes == 8 ? &load<M, u64> : &load<M, u32>;
    else
      return i.lane_bytes == 8 ? &store<M, u64> : &store<M, u32>;
  }));
}

void nothing(Warp&, const Instruction&) {}

void decode_hint(Decoder& decoder) {
  decoder.ignore({"global", "local", "L1", "L2", "L2::evict_last", "L2::evict_normal", "L2::128B"});
  for (size_t i = 0; i < decoder.operands(); ++i) decoder.ignore_operand(i);
  decoder.handler(&nothing);
}

}  // namespace

void add_loads_and_stores(DecodeTable& table) {
  table["ld"] = &decode_access<true>;
  table["ldu"] = &decode_access<true>;
  table["st"] = &decode_access<false>;
  table["prefetch"] = &decode_hint;
  table["prefetchu"] = &decode_hint;
  table["discard"] = &decode_hint;
  table["applypriority"] = &decode_hint;
}

}  // namespace simulated_gpu::ptx
