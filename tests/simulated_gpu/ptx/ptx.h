// Executes the PTX that nvcc made, on the CPU: a warp-wide interpreter.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <vector_types.h>

#include "execution/counts.h"

namespace simulated_gpu::ptx {

struct Module;  // one PTX text, parsed
struct Kernel;

std::shared_ptr<Module> load(const std::string& text);               // throws std::runtime_error with the PTX line
const Kernel* find(const Module&, const std::string& mangled_name);  // null: not there
void* symbol(const Module&, const std::string& mangled_name, size_t* bytes);  // __device__ or __constant__ variable

struct Attributes {
  size_t static_shared;
  int max_threads;  // of a block: __launch_bounds__
  int registers;    // of the PTX, not of a GPU
  size_t local_bytes, const_bytes;
};
Attributes attributes(const Kernel&);

struct Param {
  size_t offset, size;
};
const std::vector<Param>& params(const Kernel&);

// arguments: one pointer per parameter, as cudaLaunchKernel takes them. Runs the whole grid; throws KernelError.
InstructionCounts launch(const Kernel&, dim3 grid, dim3 block, size_t dynamic_shared, void** arguments,
                         bool cooperative);

}  // namespace simulated_gpu::ptx
