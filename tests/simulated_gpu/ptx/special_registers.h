#pragma once

#include <string_view>

#include "ptx/number_types.h"

namespace simulated_gpu::ptx {

struct Warp;

// Registers that tell a thread where it is. Those that show the time are read by an instruction of their own
// (move.cpp).
enum class SpecialRegister : u8 {
  kNone,
  kThreadX,
  kThreadY,
  kThreadZ,
  kThreadsX,
  kThreadsY,
  kThreadsZ,
  kBlockX,
  kBlockY,
  kBlockZ,
  kBlocksX,
  kBlocksY,
  kBlocksZ,
  kLane,
  kWarp,
  kWarps,
  kLanesEqual,
  kLanesLess,
  kLanesLessEqual,
  kLanesGreater,
  kLanesGreaterEqual,
  kGridWorkspaceHigh,
  kGridWorkspaceLow,  // %envreg1, %envreg2
  kDynamicSharedBytes,
  kTotalSharedBytes,
  kMultiprocessor,
  kMultiprocessors,
  kGrid
};

SpecialRegister special_register(std::string_view name);  // of "%tid.x"; kNone: not one of these

// Fills the rows of special registers; `all` or only those that differ between blocks.
void fill_special_registers(Warp&, bool all);

}  // namespace simulated_gpu::ptx
