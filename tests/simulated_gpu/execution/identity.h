#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vector_types.h>

namespace simulated_gpu {

constexpr uint32_t kWarpSize = 32;

struct Geometry {
  dim3 grid, block;
  size_t dynamic_shared = 0;  // bytes
  bool cooperative = false;   // every block resident at once, grid-wide synchronisation allowed
};

// A __shared__ variable: `bytes` bytes from `offset` in its block's shared memory, the same in every block of a launch.
struct SharedVariable {
  std::string name;
  uint32_t offset = 0, bytes = 0;
};

// One kernel launch, as the monitor is told of it.
struct Launch {
  std::string kernel;  // mangled
  Geometry geometry;
  std::vector<SharedVariable> shared_variables;  // the dynamic one too, if it has bytes
  uint32_t shared_bytes = 0;                     // what a GPU would need for a block, static and dynamic
  const void* arguments = nullptr;               // the parameter buffer, for loads through generic addresses
  size_t argument_bytes = 0;
  std::function<std::string(uint32_t pc)> source;  // "file.cu:12" of an instruction
};

// A block in flight. Thread i is lane i % 32 of warp i / 32.
struct Block {
  uint3 index{};
  uint64_t linear = 0;  // x fastest
  const Launch* launch = nullptr;
  uint32_t threads = 0;
  unsigned char* shared = nullptr;  // its shared memory: a slot of shared_memory.h
  void* monitor_state = nullptr;    // the monitor's own; the executor leaves it alone and never moves a Block
};

}  // namespace simulated_gpu
