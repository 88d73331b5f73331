#include "ptx/block_setup.h"

#include <cstring>

#include <vector_functions.h>

#include "execution/monitor.h"
#include "ptx/lanes.h"
#include "ptx/special_registers.h"

namespace simulated_gpu::ptx {
namespace {

constexpr size_t kAlignment = 64;

size_t rounded_up(size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

// Registers, then local memory, then call parameters in one piece.
void lay_out_storage(Warp& warp, const Frame& frame) {
  const size_t rows = rounded_up(frame.rows.size());
  const size_t needed = rows + kWarpSize * (frame.local_bytes + frame.call_parameter_bytes) + kAlignment;
  if (warp.storage.size() < needed) warp.storage.resize(needed);
  const u64 aligned = rounded_up(reinterpret_cast<u64>(warp.storage.data()));
  warp.registers = reinterpret_cast<unsigned char*>(aligned);
  warp.local = warp.registers + rows;
  warp.local_bytes = frame.local_bytes;
  warp.call_parameters = warp.local + kWarpSize * frame.local_bytes;
  warp.call_parameter_bytes = frame.call_parameter_bytes;
}

void set_up_warp(Warp& warp, ThreadBlock& block, u32 index, bool fresh) {
  const Kernel& kernel = *block.run->kernel;
  lay_out_storage(warp, kernel.frame);
  // Nothing overwrites constants: once in a launch is enough.
  if (fresh) std::memcpy(warp.registers, kernel.frame.rows.data(), kernel.frame.rows.size());
  const u32 threads = std::min(block.identity.threads - index * kWarpSize, kWarpSize);
  warp.block = &block;
  warp.index = index;
  warp.live = threads == kWarpSize ? kAllLanes : (1u << threads) - 1;
  warp.mask = 0;
  set_mask(warp, warp.live);
  warp.carry = 0;
  warp.yield = false;
  warp.apart = 0;
  warp.fragments.clear();
  warp.fragments.push_back({warp.live, kernel.begin, Fragment::State::kRunning, {}, 0, 0});
  warp.copies.clear();
  warp.copy_groups.clear();
  warp.counts = InstructionCounts{};
  fill_special_registers(warp, fresh);
}

}  // namespace

void set_up_block(ThreadBlock& block, const KernelRun& run, u64 number) {
  const Geometry& geometry = run.launch.geometry;
  const u32 threads = geometry.block.x * geometry.block.y * geometry.block.z;
  const bool fresh = block.run_id != run.id;
  block.run = &run;
  block.run_id = run.id;
  Block& identity = block.identity;
  identity.launch = &run.launch;
  identity.linear = number;
  identity.threads = threads;
  identity.index = make_uint3(static_cast<u32>(number % geometry.grid.x),
                              static_cast<u32>(number / geometry.grid.x % geometry.grid.y),
                              static_cast<u32>(number / geometry.grid.x / geometry.grid.y));
  block.alive = threads;
  std::fill(std::begin(block.arrived), std::end(block.arrived), 0u);
  block.barriers = 0;
  if (monitor()) monitor()->block_begin(identity);
  for (const SharedVariable& variable : run.launch.shared_variables)
    std::memset(identity.shared + variable.offset, 0xff, variable.bytes);
  block.warps.resize((threads + kWarpSize - 1) / kWarpSize);
  for (u32 i = 0; i < block.warps.size(); ++i) set_up_warp(block.warps[i], block, i, fresh);
}

}  // namespace simulated_gpu::ptx
