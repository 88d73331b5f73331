#pragma once

#include <cstdint>

#include "kernels/support/host_device.h"

namespace matinee {

// Arithmetic of grids and offsets, in 64 bits throughout: 4 million users × 1024 factors are beyond 2^31.

inline constexpr int64_t kMostBlocks = INT32_MAX;  // of the x dimension of a grid

// ceil(count / size)
MATINEE_HOST_DEVICE constexpr int64_t pieces(int64_t count, int64_t size) {
  return (count + size - 1) / size;
}

// The least multiple of `size` that is not below `count`.
MATINEE_HOST_DEVICE constexpr int64_t rounded_up(int64_t count, int64_t size) {
  return pieces(count, size) * size;
}

// The number of a thread in a one-dimensional grid.
MATINEE_HOST_DEVICE constexpr int64_t grid_thread(uint32_t block, uint32_t block_threads, uint32_t thread) {
  return int64_t{block} * block_threads + thread;
}

// The offset of element (row, column) of a row-major matrix.
MATINEE_HOST_DEVICE constexpr int64_t element(int64_t row, int64_t stride, int64_t column) {
  return row * stride + column;
}

}  // namespace matinee
