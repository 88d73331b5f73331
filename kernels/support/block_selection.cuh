#pragma once

#include <cstdint>

#include "kernels/support/block_sort.cuh"
#include "kernels/support/candidate_key.h"
#include "kernels/support/most_selected.h"

namespace matinee {

inline constexpr int kCandidatesPerThread = 4;
inline constexpr int kRoundCandidates = kSortThreads * kCandidatesPerThread;

// The best of many candidates, by one block of kSortThreads, in rounds: every thread offers kCandidatesPerThread keys
// (0: none), then the block ends the round. What is kept does not depend on the order of candidates. All threads call
// each function.
struct BlockSelection {
  uint64_t keys[kMostSelected + kRoundCandidates];
  uint64_t least;  // only greater keys can still be among the best
  int32_t size;

  __device__ void clear() {
    if (threadIdx.x == 0) {
      least = 0;
      size = 0;
    }
    __syncthreads();
  }

  __device__ void offer(const uint64_t (&candidates)[kCandidatesPerThread]) {
    const uint64_t bound = least;
    unsigned votes[kCandidatesPerThread];
    int32_t admitted = 0;
#pragma unroll
    for (int n = 0; n < kCandidatesPerThread; ++n) {
      votes[n] = __ballot_sync(~0u, candidates[n] > bound);
      admitted += __popc(votes[n]);
    }
    if (admitted == 0) return;
    const unsigned lane = threadIdx.x % 32;
    int32_t place = 0;
    if (lane == 0) place = atomicAdd(&size, admitted);
    place = __shfl_sync(~0u, place, 0);
#pragma unroll
    for (int n = 0; n < kCandidatesPerThread; ++n) {
      if (candidates[n] > bound) keys[place + __popc(votes[n] & ((1u << lane) - 1))] = candidates[n];
      place += __popc(votes[n]);
    }
  }

  // Keeps the `kept` ≤ kMostSelected best. After the `last` round they stand in keys[0 .. size-1], best first.
  __device__ void end_round(int32_t kept, bool last) {
    __syncthreads();  // all candidates of the round are in
    const int32_t gathered = size;
    __syncthreads();  // all have read how many
    // Sorted early, the bound keeps most later candidates out; sorted at every round, it would cost more than it saves.
    if (!last && gathered <= max(min(2 * kept, kMostSelected), kSortThreads)) return;
    sort_falling(keys, gathered);
    if (threadIdx.x == 0) {
      size = gathered < kept ? gathered : kept;
      if (gathered >= kept) least = keys[kept - 1];
    }
    __syncthreads();
  }
};

}  // namespace matinee
