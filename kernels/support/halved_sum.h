#pragma once

#include <cstddef>

#include "kernels/support/host_device.h"

namespace matinee {

// The sum of a power of two of numbers: the upper half is added to the lower until one is left.
template <std::size_t count, typename T>
MATINEE_HOST_DEVICE_INLINE T halved_sum(T (&sums)[count]) {
  for (int distance = static_cast<int>(count / 2); distance > 0; distance /= 2) {
    for (int i = 0; i < distance; ++i) sums[i] += sums[i + distance];
  }
  return sums[0];
}

}  // namespace matinee
