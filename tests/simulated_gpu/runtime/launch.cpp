// Kernel launches: the limits of the documentation, then work in the stream.
#include "runtime/launch.h"

#include <cstring>
#include <memory>
#include <vector>

#include <cuda_runtime_api.h>

#include "execution/monitor.h"
#include "runtime/device_model.h"
#include "runtime/errors.h"
#include "runtime/launch_limits.h"
#include "runtime/occupancy.h"
#include "runtime/program.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

struct Configuration {
  dim3 grid, block;
  size_t shared = 0;
  cudaStream_t stream = nullptr;
};
// Between <<<...>>> and the host stub of the kernel.
std::vector<Configuration>& pushed() {
  static thread_local std::vector<Configuration> stack;
  return stack;
}

cudaError_t check_shape(const LaunchRequest& request) {
  const dim3 &grid = request.grid, &block = request.block;
  const uint64_t threads = uint64_t{block.x} * block.y * block.z;
  if (threads == 0 || threads > kMaxThreadsPerBlock || block.z > kMaxBlockZ) return cudaErrorInvalidConfiguration;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0) return cudaErrorInvalidConfiguration;
  if (grid.x > unsigned(kMaxGridX) || grid.y > kMaxGridYZ || grid.z > kMaxGridYZ) return cudaErrorInvalidConfiguration;
  return cudaSuccess;
}

cudaError_t check_resources(const LaunchRequest& request, const RegisteredKernel& kernel) {
  const auto attributes = ptx::attributes(*kernel.code);
  const unsigned threads = request.block.x * request.block.y * request.block.z;
  if (threads > unsigned(attributes.max_threads)) return cudaErrorInvalidValue;  // __launch_bounds__
  if (request.dynamic_shared > kernel.dynamic_shared_limit) return cudaErrorInvalidValue;
  if (!request.cooperative) return cudaSuccess;
  const uint64_t blocks = uint64_t{request.grid.x} * request.grid.y * request.grid.z;
  const int resident = blocks_per_multiprocessor(*kernel.code, int(threads), request.dynamic_shared);
  return blocks > uint64_t(resident) * uint64_t(device_model().multiprocessors) ? cudaErrorCooperativeLaunchTooLarge
                                                                                : cudaSuccess;
}

// Taken now: the launch may run later.
std::vector<std::vector<unsigned char>> copy_arguments(const ptx::Kernel& kernel, void** arguments) {
  std::vector<std::vector<unsigned char>> copies;
  for (size_t i = 0; i < ptx::params(kernel).size(); ++i) {
    const auto* start = static_cast<const unsigned char*>(arguments[i]);
    copies.emplace_back(start, start + ptx::params(kernel)[i].size);
  }
  return copies;
}

void run(const ptx::Kernel& kernel, const LaunchRequest& request, std::vector<std::vector<unsigned char>>& arguments) {
  std::vector<void*> addresses;
  for (auto& argument : arguments) addresses.push_back(argument.data());
  ptx::launch(kernel, request.grid, request.block, request.dynamic_shared, addresses.data(), request.cooperative);
}

// What an attribute of cudaLaunchKernelEx asks for; one without meaning here is refused.
void apply(const cudaLaunchAttribute& attribute, LaunchRequest& request) {
  switch (attribute.id) {
    case cudaLaunchAttributeIgnore:
    case cudaLaunchAttributePriority:
    case cudaLaunchAttributeProgrammaticStreamSerialization:
      return;  // hints
    case cudaLaunchAttributeCooperative:
      request.cooperative = attribute.val.cooperative != 0;
      return;
    default:
      stop_unsupported("launch attribute " + std::to_string(int(attribute.id)));
  }
}

}  // namespace

cudaError_t launch_kernel(const void* function, void** arguments, const LaunchRequest& request) {
  cudaError_t error = cudaSuccess;
  const RegisteredKernel* kernel = find_kernel(function, error);
  if (!kernel) return error;
  if (error = check_shape(request); error != cudaSuccess) return error;
  if (error = check_resources(request, *kernel); error != cudaSuccess) return error;
  auto copies = std::make_shared<std::vector<std::vector<unsigned char>>>(copy_arguments(*kernel->code, arguments));
  const ptx::Kernel* code = kernel->code;
  Work work{Work::Kind::kKernel, "kernel " + demangle(kernel->name), [=] { run(*code, request, *copies); }, function};
  return enqueue(request.stream, std::move(work));
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared, CUstream_st* stream) {
  pushed().push_back({grid, block, shared, stream});
  return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, size_t* shared, void* stream) {
  if (pushed().empty()) return cudaErrorMissingConfiguration;
  const Configuration top = pushed().back();
  pushed().pop_back();
  *grid = top.grid;
  *block = top.block;
  *shared = top.shared;
  *static_cast<cudaStream_t*>(stream) = top.stream;
  return cudaSuccess;
}

cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments, size_t shared,
                             cudaStream_t stream) {
  return api_call([&] { return launch_kernel(function, arguments, {grid, block, shared, stream, false}); });
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments, size_t shared,
                               cudaStream_t stream) {
  return cudaLaunchKernel(kernel, grid, block, arguments, shared, stream);
}

cudaError_t cudaLaunchCooperativeKernel(const void* function, dim3 grid, dim3 block, void** arguments, size_t shared,
                                        cudaStream_t stream) {
  return api_call([&] { return launch_kernel(function, arguments, {grid, block, shared, stream, true}); });
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* function, void** arguments) {
  return api_call([&] {
    if (!config) return cudaErrorInvalidValue;
    LaunchRequest request{config->gridDim, config->blockDim, config->dynamicSmemBytes, config->stream, false};
    for (unsigned i = 0; i < config->numAttrs; ++i) apply(config->attrs[i], request);
    return launch_kernel(function, arguments, request);
  });
}

}  // extern "C"
