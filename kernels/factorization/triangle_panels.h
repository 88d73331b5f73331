#pragma once

#include <cstdint>

#include "kernels/factorization/padded.h"
#include "kernels/support/host_device.h"

namespace matinee::factorization {

// The lower triangle of a symmetric matrix of `columns` (a multiple of kLanes) in panels of kLanes rows: panel p holds
// rows kLanes p .. kLanes p + kLanes - 1 as (column, row of the panel) for its kLanes (p + 1) columns. A line of
// kLanes unused numbers follows each panel, so that neighbours start in different banks of a GPU's shared memory.
MATINEE_HOST_DEVICE constexpr int64_t panel_start(int64_t panel) {
  return panel * (panel + 1) / 2 * kLanes * kLanes + panel * kLanes;
}

MATINEE_HOST_DEVICE constexpr int64_t triangle_elements(int64_t columns) {
  return panel_start(columns / kLanes);
}

}  // namespace matinee::factorization
