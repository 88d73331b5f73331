#include "ptx/warp.h"

namespace simulated_gpu::ptx {
namespace {

std::string triple(u32 x, u32 y, u32 z) {
  std::string text = "(";
  return text.append(std::to_string(x)).append(",").append(std::to_string(y)).append(",").append(std::to_string(z)) +
         ")";
}

}  // namespace

void stop(const char* kind, const std::string& message) {
  throw KernelError(kind, message);
}

std::string source_of(const Warp& warp, u32 pc) {
  return source_line(*warp.block->run->kernel, pc);
}

std::string thread_at(const Warp& warp, u32 lane) {
  const dim3 shape = warp.block->run->launch.geometry.block;
  const uint3 block = warp.block->identity.index;
  const u32 thread = warp.index * kWarpSize + lane;
  return "thread " + triple(thread % shape.x, thread / shape.x % shape.y, thread / shape.x / shape.y) + " of block " +
         triple(block.x, block.y, block.z) + " at " + source_of(warp, warp.pc);
}

}  // namespace simulated_gpu::ptx
