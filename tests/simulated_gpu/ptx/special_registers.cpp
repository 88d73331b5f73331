#include "ptx/special_registers.h"

#include <unordered_map>

#include "ptx/lanes.h"

namespace simulated_gpu::ptx {
namespace {

using Special = SpecialRegister;

u32 value_of(Special special, const Warp& warp, u32 lane) {
  const ThreadBlock& block = *warp.block;
  const Geometry& geometry = block.run->launch.geometry;
  const u64 workspace = reinterpret_cast<u64>(block.run->grid_workspace);
  const u32 thread = warp.index * kWarpSize + lane;
  switch (special) {
    case Special::kNone:
      break;
    case Special::kThreadX:
      return thread % geometry.block.x;
    case Special::kThreadY:
      return thread / geometry.block.x % geometry.block.y;
    case Special::kThreadZ:
      return thread / geometry.block.x / geometry.block.y;
    case Special::kThreadsX:
      return geometry.block.x;
    case Special::kThreadsY:
      return geometry.block.y;
    case Special::kThreadsZ:
      return geometry.block.z;
    case Special::kBlockX:
      return block.identity.index.x;
    case Special::kBlockY:
      return block.identity.index.y;
    case Special::kBlockZ:
      return block.identity.index.z;
    case Special::kBlocksX:
      return geometry.grid.x;
    case Special::kBlocksY:
      return geometry.grid.y;
    case Special::kBlocksZ:
      return geometry.grid.z;
    case Special::kLane:
      return lane;
    case Special::kWarp:
      return warp.index;
    case Special::kWarps:
      return static_cast<u32>(block.warps.size());
    case Special::kLanesEqual:
      return 1u << lane;
    case Special::kLanesLess:
      return (1u << lane) - 1;
    case Special::kLanesLessEqual:
      return (2u << lane) - 1;
    case Special::kLanesGreater:
      return ~((2u << lane) - 1);
    case Special::kLanesGreaterEqual:
      return ~((1u << lane) - 1);
    case Special::kGridWorkspaceHigh:
      return static_cast<u32>(workspace >> 32);
    case Special::kGridWorkspaceLow:
      return static_cast<u32>(workspace);
    case Special::kDynamicSharedBytes:
      return static_cast<u32>(geometry.dynamic_shared);
    case Special::kTotalSharedBytes:
      return block.run->launch.shared_bytes;
    case Special::kMultiprocessor:
      return 0;
    case Special::kMultiprocessors:
      return 1;
    case Special::kGrid:
      return 0;
  }
  return 0;
}

bool differs_between_blocks(Special special) {
  return special == Special::kBlockX || special == Special::kBlockY || special == Special::kBlockZ;
}

}  // namespace

SpecialRegister special_register(std::string_view name) {
  static const std::unordered_map<std::string_view, Special> registers = {
      {"%tid.x", Special::kThreadX},
      {"%tid.y", Special::kThreadY},
      {"%tid.z", Special::kThreadZ},
      {"%ntid.x", Special::kThreadsX},
      {"%ntid.y", Special::kThreadsY},
      {"%ntid.z", Special::kThreadsZ},
      {"%ctaid.x", Special::kBlockX},
      {"%ctaid.y", Special::kBlockY},
      {"%ctaid.z", Special::kBlockZ},
      {"%nctaid.x", Special::kBlocksX},
      {"%nctaid.y", Special::kBlocksY},
      {"%nctaid.z", Special::kBlocksZ},
      {"%laneid", Special::kLane},
      {"%warpid", Special::kWarp},
      {"%nwarpid", Special::kWarps},
      {"%lanemask_eq", Special::kLanesEqual},
      {"%lanemask_lt", Special::kLanesLess},
      {"%lanemask_le", Special::kLanesLessEqual},
      {"%lanemask_gt", Special::kLanesGreater},
      {"%lanemask_ge", Special::kLanesGreaterEqual},
      {"%envreg1", Special::kGridWorkspaceHigh},
      {"%envreg2", Special::kGridWorkspaceLow},
      {"%dynamic_smem_size", Special::kDynamicSharedBytes},
      {"%total_smem_size", Special::kTotalSharedBytes},
      {"%smid", Special::kMultiprocessor},
      {"%nsmid", Special::kMultiprocessors},
      {"%gridid", Special::kGrid}};
  const auto found = registers.find(name);
  return found == registers.end() ? Special::kNone : found->second;
}

void fill_special_registers(Warp& warp, bool all) {
  for (const SpecialRow& special : warp.block->run->kernel->frame.special) {
    if (!all && !differs_between_blocks(special.special)) continue;
    u32* lanes = row<u32>(warp, special.row);
    for (u32 lane = 0; lane < kWarpSize; ++lane) lanes[lane] = value_of(special.special, warp, lane);
  }
}

}  // namespace simulated_gpu::ptx
