#pragma once

namespace matinee {

// The sum of `number` over each run of kLanes threads of a warp, in all of them: the upper half of the lanes is added
// to the lower until one is left. All threads of the warp must call it.
template <int kLanes = 32, typename T>
__device__ T warp_sum(T number) {
  for (int distance = kLanes / 2; distance > 0; distance /= 2) number += __shfl_xor_sync(~0u, number, distance);
  return number;
}

}  // namespace matinee
