#include "ptx/memory_access.h"

namespace simulated_gpu::ptx {

LaneAddresses addresses_of(const Warp& warp, const Instruction& i) {
  LaneAddresses addresses;
  u64* out = addresses.lane;
  u64 base = static_cast<u64>(i.immediate), stride = 0;
  switch (i.space) {
    case Space::kGeneric:
    case Space::kGlobal:
      break;
    case Space::kShared:
      base += reinterpret_cast<u64>(warp.block->identity.shared);
      break;
    case Space::kKernelParameter:
      base += reinterpret_cast<u64>(warp.block->run->arguments.data());
      break;
    case Space::kLocal:
      base += reinterpret_cast<u64>(warp.local);
      stride = warp.local_bytes;
      break;
    case Space::kCallParameter:
      base += reinterpret_cast<u64>(warp.call_parameters);
      stride = warp.call_parameter_bytes;
      break;
  }
  if (i.address_lane_bytes == 8) {
    const u64* a = row<const u64>(warp, i.a);
    for_all_lanes([=](u32 lane) { out[lane] = base + a[lane]; });
  } else {
    const u32* a = row<const u32>(warp, i.a);
    for_all_lanes([=](u32 lane) { out[lane] = base + a[lane]; });
  }
  if (stride) for_all_lanes([=](u32 lane) { out[lane] += lane * stride; });
  return addresses;
}

void report_access(const Warp& warp, const Instruction& i, const LaneAddresses& addresses, u32 lanes, u32 bytes,
                   WarpAccess::Kind kind) {
  if (i.space != Space::kGeneric && i.space != Space::kGlobal && i.space != Space::kShared) return;
  // Local memory and call parameters lie one behind the other.
  const u64 own = reinterpret_cast<u64>(warp.local);
  const u64 own_bytes = kWarpSize * (warp.local_bytes + warp.call_parameter_bytes);
  for_each_lane(lanes, [&](u32 lane) {
    if (addresses[lane] - own < own_bytes) lanes &= ~(1u << lane);
  });
  if (!lanes) return;
  WarpAccess access;
  access.block = &warp.block->identity;
  access.warp = warp.index;
  access.lanes = lanes;
  access.address = addresses.lane;
  access.bytes = bytes;
  access.kind = kind;
  access.strong = i.strong;
  access.release = i.release;
  access.of_shared = i.space == Space::kShared;
  access.pc = warp.pc;
  monitor()->access(access);
}

}  // namespace simulated_gpu::ptx
