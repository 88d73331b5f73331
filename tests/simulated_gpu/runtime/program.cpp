// Registration of the program's fat binaries, kernels and variables: what nvcc's generated host code calls.
#include "runtime/program.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include <cuda_runtime_api.h>
#include <cxxabi.h>

#include "runtime/device_model.h"
#include "runtime/errors.h"
#include "runtime/fat_binary.h"
#include "runtime/launch_limits.h"

namespace simulated_gpu {
namespace {

struct Binary {
  const void* data = nullptr;
  bool tried = false;
  std::shared_ptr<ptx::Module> module;  // null: not loaded, or has no suitable PTX
  int architecture = 0;
};

struct RegisteredVariable {
  Binary* binary = nullptr;
  std::string name;
};

struct Program {
  std::map<const void*, RegisteredKernel> kernels;  // by host stub
  std::map<const void*, RegisteredVariable> variables;
};
Program& program() {
  static auto* registered = new Program;  // registered before main, asked for after it
  return *registered;
}

// PTX that cannot be parsed is beyond this simulation: the process ends with the line.
void load(Binary& binary) {
  if (std::exchange(binary.tried, true)) return;
  PtxImage image = find_ptx(binary.data, device_model().major * 10 + device_model().minor);
  if (image.text.empty()) {
    std::fprintf(stderr, "simulated GPU: a fat binary of the program cannot be used: %s\n", image.problem.c_str());
    return;
  }
  binary.architecture = image.architecture;
  try {
    binary.module = ptx::load(image.text);
  } catch (const std::exception& error) {
    stop_unsupported(std::string("PTX of the program: ") + error.what());
  }
}

}  // namespace

RegisteredKernel* find_kernel(const void* host_function, cudaError_t& error) {
  const auto found = program().kernels.find(host_function);
  error = cudaErrorInvalidDeviceFunction;
  if (found == program().kernels.end()) return nullptr;
  RegisteredKernel& kernel = found->second;
  if (kernel.code) return &kernel;
  auto& binary = *static_cast<Binary*>(kernel.binary);
  load(binary);
  error = cudaErrorNoKernelImageForDevice;
  if (!binary.module) return nullptr;
  kernel.architecture = binary.architecture;
  kernel.code = ptx::find(*binary.module, kernel.name);
  error = cudaErrorInvalidDeviceFunction;
  if (!kernel.code) return nullptr;
  const size_t fixed = ptx::attributes(*kernel.code).static_shared;
  kernel.dynamic_shared_limit = kSharedWithoutOptin > fixed ? kSharedWithoutOptin - fixed : 0;
  return &kernel;
}

cudaError_t find_variable(const void* host_variable, DeviceVariable& variable) {
  const auto found = program().variables.find(host_variable);
  if (found == program().variables.end()) return cudaErrorInvalidSymbol;
  Binary& binary = *found->second.binary;
  load(binary);
  if (!binary.module) return cudaErrorNoKernelImageForDevice;
  variable.address = static_cast<unsigned char*>(ptx::symbol(*binary.module, found->second.name, &variable.bytes));
  return variable.address ? cudaSuccess : cudaErrorInvalidSymbol;
}

std::string demangle(const std::string& name) {
  int status = 0;
  char* text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  std::string result = text ? text : name;
  std::free(text);
  return result;
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

// The compiler's own interface. Its declarations are in the toolkit's crt/host_runtime.h, for generated code only.
extern "C" {

void** __cudaRegisterFatBinary(void* wrapper) {
  struct Wrapper {
    int magic, version;
    const void* data;
    void* file;
  };
  return reinterpret_cast<void**>(new Binary{static_cast<Wrapper*>(wrapper)->data, false, nullptr, 0});
}

void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) {
  return 1;
}

void __cudaRegisterFunction(void** binary, const char* host_function, char*, const char* name, int, uint3*, uint3*,
                            dim3*, dim3*, int*) {
  const std::lock_guard lock(runtime_lock());
  RegisteredKernel& kernel = program().kernels[host_function];
  kernel.name = name;
  kernel.binary = binary;
}

void __cudaRegisterVar(void** binary, char* host_variable, char*, const char* name, int, size_t, int, int) {
  const std::lock_guard lock(runtime_lock());
  program().variables[host_variable] = {reinterpret_cast<Binary*>(binary), name};
}

cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* host_function) {
  *kernel = reinterpret_cast<cudaKernel_t>(const_cast<void*>(host_function));
  return cudaSuccess;
}

cudaError_t cudaGetKernel(cudaKernel_t* kernel, const void* host_function) {
  return __cudaGetKernel(kernel, host_function);
}

}  // extern "C"
