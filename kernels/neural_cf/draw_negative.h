#pragma once

#include <cstdint>

#include "kernels/support/host_device.h"
#include "kernels/support/philox.h"

namespace matinee::neural_cf {

// The unrated item number `number` (0, 1, …) where the items in `rated` are passed over.
MATINEE_HOST_DEVICE_INLINE int32_t unrated_item(const int32_t* rated, int64_t count, int32_t number) {
  int64_t begin = 0, end = count;  // how many rated items stand before it
  while (begin < end) {
    const int64_t middle = (begin + end) / 2;
    if (rated[middle] - static_cast<int32_t>(middle) <= number) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return number + static_cast<int32_t>(begin);
}

// What 32 random bits draw for a user who has rated `count` < items items: uniform among the others, up to 2^-32. No
// draw is in vain: it is a place among the unrated items.
MATINEE_HOST_DEVICE_INLINE int32_t draw_negative(uint32_t bits, const int32_t* rated, int64_t count, int32_t items) {
  const uint64_t bound = static_cast<uint64_t>(items) - static_cast<uint64_t>(count);
  return unrated_item(rated, count, static_cast<int32_t>(uint64_t{bits} * bound >> 32));
}

}  // namespace matinee::neural_cf
