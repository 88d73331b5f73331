#pragma once

#include <cstdint>
#include <source_location>
#include <tuple>
#include <utility>

#include "kernels/support/cuda_resources.cuh"
#include "kernels/support/grid.h"

namespace matinee {

// A kernel with its name, and where it is launched. Made in the .cu that defines the kernel.
template <typename... Parameters>
struct Kernel {
  Kernel(const char* kernel_name, void (*kernel)(Parameters...),
         std::source_location here = std::source_location::current())
      : name(kernel_name), function(kernel), where(here) {}

  const char* name;
  void (*function)(Parameters...);
  std::source_location where;
};

struct LaunchShape {
  int64_t blocks = 0;  // at most kMostBlocks; 0: nothing is launched
  int threads = 0;     // per block
  int64_t shared_bytes = 0;
  bool cooperative = false;  // all blocks run at once and may wait for each other: most_blocks_at_once()
};

namespace detail {
template <typename... Parameters>
LaunchPlace place_of(const Kernel<Parameters...>& kernel, LaunchShape shape) {
  LaunchPlace place;
  place.name = kernel.name;
  place.blocks = shape.blocks;
  place.threads = shape.threads;
  place.shared_bytes = shape.shared_bytes;
  place.where = kernel.where;
  return place;
}

void launch(CudaResources& cuda, const void* function, LaunchShape shape, void** arguments, const LaunchPlace& place);
int64_t most_blocks_at_once(CudaResources& cuda, const void* function, int threads, int64_t shared_bytes);
}  // namespace detail

// Bytes of shared memory that a block may have on the current device where it asks.
int64_t most_shared_bytes();

// Puts a kernel into the stream of `cuda`. Error(kDevice) where the launch is refused, and later, where the kernel
// fails, at the next wait: both name the kernel, its shape and file:line.
template <typename... Parameters, typename... Arguments>
void launch(CudaResources& cuda, const Kernel<Parameters...>& kernel, LaunchShape shape, Arguments&&... arguments) {
  static_assert(sizeof...(Parameters) == sizeof...(Arguments));
  std::tuple<Parameters...> values(std::forward<Arguments>(arguments)...);
  std::apply(
      [&](auto&... value) {
        void* pointers[] = {static_cast<void*>(&value)..., nullptr};
        detail::launch(cuda, reinterpret_cast<const void*>(kernel.function), shape, pointers,
                       detail::place_of(kernel, shape));
      },
      values);
}

// The most blocks of a kernel that the device runs at once, those of `threads` threads and so much shared memory;
// allows the kernel that much where it is more than blocks have without asking.
template <typename... Parameters>
int64_t most_blocks_at_once(CudaResources& cuda, const Kernel<Parameters...>& kernel, int threads,
                            int64_t shared_bytes) {
  return detail::most_blocks_at_once(cuda, reinterpret_cast<const void*>(kernel.function), threads, shared_bytes);
}

// Threads for `count` elements, one each.
inline LaunchShape one_thread_each(int64_t count, int threads = 256) {
  return {pieces(count, threads), threads, 0};
}

}  // namespace matinee
