#pragma once

#include <cstdint>

namespace matinee {

// Bitonic sort by one block of kSortThreads. Element n·kSortThreads + thread is in register n of a thread: partners
// that are whole multiples of the block apart are in one thread, those within a warp are shuffled, only the others meet
// in shared memory, where a warp reads and writes consecutive words: no bank conflict.

inline constexpr int kSortThreads = 256;

namespace detail {

__device__ inline void order_registers(uint64_t& first, uint64_t& second, bool falling) {
  const bool exchange = falling ? first < second : first > second;
  const uint64_t kept = exchange ? second : first;
  second = exchange ? first : second;
  first = kept;
}

// own[n] ← the greater or the lesser of own[n] and the element `stride` away.
template <int kPerThread>
__device__ void merge_step(uint64_t (&own)[kPerThread], uint64_t* shared, int length, int stride) {
  const int thread = static_cast<int>(threadIdx.x);
  if (stride >= kSortThreads) {
#pragma unroll
    for (int apart = 1; apart < kPerThread; apart *= 2) {
      if (stride != apart * kSortThreads) continue;
#pragma unroll
      for (int n = 0; n < kPerThread; ++n) {
        if ((n & apart) == 0) order_registers(own[n], own[n | apart], ((n * kSortThreads) & length) == 0);
      }
    }
    return;
  }
  const bool across_warps = stride >= 32;
  if (across_warps) {
#pragma unroll
    for (int n = 0; n < kPerThread; ++n) shared[n * kSortThreads + thread] = own[n];
    __syncthreads();
  }
#pragma unroll
  for (int n = 0; n < kPerThread; ++n) {
    const int element = n * kSortThreads + thread;
    const uint64_t other = across_warps ? shared[element ^ stride] : __shfl_xor_sync(~0u, own[n], stride);
    const bool keep_greater = ((element & stride) == 0) == ((element & length) == 0);
    own[n] = (own[n] > other) == keep_greater ? own[n] : other;
  }
  if (across_warps) __syncthreads();
}

template <int kPerThread>
__device__ void sort_registers(uint64_t* keys, int size) {
  uint64_t own[kPerThread];
#pragma unroll
  for (int n = 0; n < kPerThread; ++n) {
    const int element = n * kSortThreads + static_cast<int>(threadIdx.x);
    own[n] = element < size ? keys[element] : 0;
  }
  __syncthreads();
  for (int length = 2; length <= kPerThread * kSortThreads; length *= 2) {
    for (int stride = length / 2; stride > 0; stride /= 2) merge_step(own, keys, length, stride);
  }
#pragma unroll
  for (int n = 0; n < kPerThread; ++n) keys[n * kSortThreads + static_cast<int>(threadIdx.x)] = own[n];
  __syncthreads();
}

}  // namespace detail

// Sorts keys[0 .. size-1], greatest first; size ≤ 8 kSortThreads, and `keys` has room for size rounded up to the next
// power of two (and for kSortThreads). Called by all kSortThreads threads of the block, with one size.
__device__ inline void sort_falling(uint64_t* keys, int size) {
  if (size <= kSortThreads) {
    detail::sort_registers<1>(keys, size);
  } else if (size <= 2 * kSortThreads) {
    detail::sort_registers<2>(keys, size);
  } else if (size <= 4 * kSortThreads) {
    detail::sort_registers<4>(keys, size);
  } else {
    detail::sort_registers<8>(keys, size);
  }
}

}  // namespace matinee
