// Addresses of the lanes of a memory instruction, and telling the monitor.
#pragma once

#include "execution/monitor.h"
#include "ptx/lanes.h"

namespace simulated_gpu::ptx {

struct LaneAddresses {
  u64 lane[kWarpSize];
  u64 operator[](u32 i) const { return lane[i]; }
};

// Host addresses, of all lanes: those outside the mask mean nothing.
LaneAddresses addresses_of(const Warp&, const Instruction&);

// Reports the access by the lanes in `lanes`; those that hit local memory or parameters are nobody's business.
void report_access(const Warp&, const Instruction&, const LaneAddresses&, u32 lanes, u32 bytes, WarpAccess::Kind);

inline void report_if_watched(const Warp& warp, const Instruction& i, const LaneAddresses& addresses, u32 bytes,
                              WarpAccess::Kind kind) {
  if (monitor()) report_access(warp, i, addresses, warp.mask, bytes, kind);
}

template <class T = void>
T* host_pointer(u64 address) {
  return reinterpret_cast<T*>(address);
}

}  // namespace simulated_gpu::ptx
