#pragma once

#include <mutex>
#include <string>

#include <driver_types.h>

#include "execution/kernel_error.h"

namespace simulated_gpu {

// One lock for the whole runtime: calls come from any thread of the program.
std::recursive_mutex& runtime_lock();

// The last error of the calling thread, as cudaGetLastError knows it. Returns its argument.
cudaError_t remember(cudaError_t error);
cudaError_t last_error();
void forget_last_error();

// An error of a kernel breaks the context: from then on every call returns it.
cudaError_t sticky_error();
void set_sticky_error(cudaError_t error);
bool was_ever_broken();

// What a stopped launch means to the program.
cudaError_t cuda_error_of(const KernelError& error);

// The frame of every API call: locks, refuses where the context is broken, remembers the error for cudaGetLastError.
// `body` returns cudaError_t.
template <typename Body>
cudaError_t api_call(Body body) {
  const std::lock_guard lock(runtime_lock());
  if (const cudaError_t broken = sticky_error(); broken != cudaSuccess) return remember(broken);
  const cudaError_t error = body();
  // Work that the call waited for may have broken the context.
  const cudaError_t broken = sticky_error();
  return remember(broken != cudaSuccess ? broken : error);
}

// Ends the process: the program asks for what the simulated GPU does not have.
[[noreturn]] void stop_unsupported(const std::string& what);

}  // namespace simulated_gpu
