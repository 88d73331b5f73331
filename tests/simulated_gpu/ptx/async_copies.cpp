// cp.async and its groups; fences.
#include "ptx/async_copies.h"

#include <algorithm>
#include <cstring>

#include "ptx/groups.h"
#include "ptx/memory_access.h"

namespace simulated_gpu::ptx {
namespace {

// result: row of shared addresses, target: offset to them; a and immediate: global address; elements: bytes;
// b: row of how many of them are read, the others become zeros.
void copy_async(Warp& warp, const Instruction& i) {
  const LaneAddresses from = addresses_of(warp, i);
  report_if_watched(warp, i, from, i.elements, WarpAccess::Kind::kLoad);
  const u64 shared = reinterpret_cast<u64>(warp.block->identity.shared) + i.target;
  for_each_lane(warp.mask, [&](u32 lane) {
    const u64 to = i.lane_bytes == 8 ? row<u64>(warp, i.result)[lane] : row<u32>(warp, i.result)[lane];
    const u32 all = i.elements, read = i.b ? std::min(all, row<u32>(warp, i.b)[lane]) : all;
    warp.copies.push_back({shared + to, from[lane], read, all - read, lane, warp.pc});
  });
}

void commit_group(Warp& warp, const Instruction&) {
  warp.copy_groups.push_back(std::move(warp.copies));
  warp.copies.clear();
}

// Waits until at most `immediate` groups are pending; variant 1: and for what is in no group yet.
void wait_group(Warp& warp, const Instruction& i) {
  while (warp.copy_groups.size() > static_cast<size_t>(i.immediate)) {
    perform_copies(warp, warp.copy_groups.front());
    warp.copy_groups.erase(warp.copy_groups.begin());
  }
  if (i.variant) perform_copies(warp, warp.copies);
}

void decode_copy(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  decoder.require_any({"async"});
  if (decoder.take("commit_group")) return decoder.handler(&commit_group);
  if (decoder.take("wait_all")) {
    i.variant = 1;
    return decoder.handler(&wait_group);
  }
  if (decoder.take("wait_group")) {
    i.immediate = static_cast<s64>(decoder.literal(0));
    return decoder.handler(&wait_group);
  }
  decoder.require_any({"ca", "cg"});
  decoder.require_any({"shared", "shared::cta"});
  decoder.require_any({"global"});
  decoder.ignore({"L2::64B", "L2::128B", "L2::256B"});
  decoder.handler(&copy_async);
  i.space = Space::kShared;
  decoder.memory(0);
  i.result = i.a;
  i.lane_bytes = i.address_lane_bytes;
  i.target = static_cast<u32>(i.immediate);
  i.space = Space::kGlobal;
  decoder.memory(1);
  const u64 bytes = decoder.literal(2);
  if (bytes != 4 && bytes != 8 && bytes != 16) decoder.fail("no such variant");
  i.elements = static_cast<u8>(bytes);
  if (decoder.operands() > 3) i.b = decoder.source(3, 4);
}

void fence(Warp& warp, const Instruction&) {
  if (monitor()) monitor()->fence(warp.block->identity, warp.index, warp.mask);
}

// Of any scope and kind: here all memory is coherent at once, only the monitor cares.
void decode_fence(Decoder& decoder) {
  decoder.ignore({"sc", "acq_rel", "acquire", "release", "cta", "cluster", "gpu", "sys", "gl"});
  decoder.handler(&fence);
}

}  // namespace

void perform_copies(Warp& warp, std::vector<PendingCopy>& copies) {
  for (const PendingCopy& copy : copies) {
    if (monitor()) {
      LaneAddresses to;
      to.lane[copy.lane] = copy.to;
      WarpAccess access;
      access.block = &warp.block->identity;
      access.warp = warp.index;
      access.lanes = 1u << copy.lane;
      access.address = to.lane;
      access.bytes = copy.bytes + copy.zeros;
      access.kind = WarpAccess::Kind::kStore;
      access.pc = copy.pc;
      monitor()->access(access);
    }
    std::memcpy(host_pointer(copy.to), host_pointer(copy.from), copy.bytes);
    std::memset(host_pointer<char>(copy.to) + copy.bytes, 0, copy.zeros);
  }
  copies.clear();
}

void add_async_copies(DecodeTable& table) {
  table["cp"] = &decode_copy;
  table["fence"] = &decode_fence;
  table["membar"] = &decode_fence;
}

}  // namespace simulated_gpu::ptx
