#include "runtime/errors.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <utility>

#include <cuda_runtime_api.h>

namespace simulated_gpu {
namespace {

thread_local cudaError_t last_of_thread = cudaSuccess;
cudaError_t sticky = cudaSuccess;
bool broken_once = false;

struct NamedError {
  cudaError_t error;
  const char* name;
};
constexpr NamedError kNames[] = {
#include "error_names.inc"  // generated from the toolkit's driver_types.h
};

constexpr std::pair<cudaError_t, const char*> kTexts[] = {
    {cudaSuccess, "no error"},
    {cudaErrorInvalidValue, "invalid argument"},
    {cudaErrorMemoryAllocation, "out of memory"},
    {cudaErrorInvalidConfiguration, "invalid configuration argument"},
    {cudaErrorInvalidDevicePointer, "invalid device pointer"},
    {cudaErrorInvalidMemcpyDirection, "invalid copy direction for memcpy"},
    {cudaErrorNoDevice, "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "invalid device ordinal"},
    {cudaErrorInvalidDeviceFunction, "invalid device function"},
    {cudaErrorNoKernelImageForDevice, "no kernel image is available for execution on the device"},
    {cudaErrorInvalidResourceHandle, "invalid resource handle"},
    {cudaErrorNotReady, "device not ready"},
    {cudaErrorIllegalAddress, "an illegal memory access was encountered"},
    {cudaErrorMisalignedAddress, "misaligned address"},
    {cudaErrorLaunchFailure, "unspecified launch failure"},
    {cudaErrorLaunchTimeout, "the launch timed out and was terminated"},
    {cudaErrorLaunchOutOfResources, "too many resources requested for launch"},
    {cudaErrorCooperativeLaunchTooLarge, "too many blocks in cooperative launch"},
    {cudaErrorStreamCaptureUnsupported, "operation not permitted when stream is capturing"},
    {cudaErrorStreamCaptureUnjoined, "capturing stream has unjoined work"},
    {cudaErrorGraphExecUpdateFailure, "the graph update was not performed"},
};

}  // namespace

std::recursive_mutex& runtime_lock() {
  static auto* lock = new std::recursive_mutex;  // lives as long as the process: destructors of the program call CUDA
  return *lock;
}

cudaError_t remember(cudaError_t error) {
  if (error != cudaSuccess && error != cudaErrorNotReady) last_of_thread = error;
  return error;
}

cudaError_t last_error() {
  return sticky != cudaSuccess ? sticky : last_of_thread;
}

void forget_last_error() {
  last_of_thread = cudaSuccess;
}

cudaError_t sticky_error() {
  return sticky;
}

void set_sticky_error(cudaError_t error) {
  sticky = error;
  broken_once = broken_once || error != cudaSuccess;
}

bool was_ever_broken() {
  return broken_once;
}

cudaError_t cuda_error_of(const KernelError& error) {
  const std::string& kind = error.kind();
  if (kind == "out-of-bounds" || kind == "use-after-free" || kind == "host-pointer") return cudaErrorIllegalAddress;
  if (kind == "misaligned") return cudaErrorMisalignedAddress;
  if (kind == "deadlock" || kind == "spin") return cudaErrorLaunchTimeout;
  if (kind == "assert") return cudaErrorAssert;
  return cudaErrorLaunchFailure;
}

void stop_unsupported(const std::string& what) {
  std::fprintf(stderr, "simulated GPU: %s is not supported\n", what.c_str());
  std::fflush(nullptr);
  std::abort();
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaGetLastError() {
  const std::lock_guard lock(runtime_lock());
  const cudaError_t error = last_error();
  forget_last_error();
  return error;
}

cudaError_t cudaPeekAtLastError() {
  const std::lock_guard lock(runtime_lock());
  return last_error();
}

const char* cudaGetErrorName(cudaError_t error) {
  const auto found = std::find_if(std::begin(kNames), std::end(kNames), [=](auto& row) { return row.error == error; });
  return found == std::end(kNames) ? "unrecognized error code" : found->name;
}

const char* cudaGetErrorString(cudaError_t error) {
  const auto found = std::find_if(std::begin(kTexts), std::end(kTexts), [=](auto& row) { return row.first == error; });
  return found == std::end(kTexts) ? cudaGetErrorName(error) : found->second;
}

}  // extern "C"
