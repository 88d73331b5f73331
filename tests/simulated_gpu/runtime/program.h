#pragma once

#include <cstddef>
#include <string>

#include <driver_types.h>

#include "ptx/ptx.h"

namespace simulated_gpu {

// What nvcc's host code registered of the program's device code.
struct RegisteredKernel {
  std::string name;        // mangled
  void* binary = nullptr;  // the Binary that holds it
  const ptx::Kernel* code = nullptr;
  int architecture = 0;             // of the PTX that was taken
  size_t dynamic_shared_limit = 0;  // cudaFuncAttributeMaxDynamicSharedMemorySize
  int carveout = -1;
};

// Parses the PTX at the first use of anything in its binary. Null: `error` says why.
RegisteredKernel* find_kernel(const void* host_function, cudaError_t& error);

struct DeviceVariable {
  unsigned char* address = nullptr;
  size_t bytes = 0;
};
cudaError_t find_variable(const void* host_variable, DeviceVariable& variable);

// "void scale<float>(float*, int)" of a mangled name.
std::string demangle(const std::string& name);

}  // namespace simulated_gpu
