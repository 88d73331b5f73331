#pragma once

#include <cstdint>

#include "kernels/support/cuda_resources.cuh"

namespace matinee {

// Sorts each row of (rows, columns) keys, greatest first, from `keys` to `sorted`, by CUB's segmented radix sort: for
// lists longer than a block can hold. Time O(rows × columns), 8 passes over the keys.
void sort_rows(CudaResources& cuda, const uint64_t* keys, uint64_t* sorted, int32_t rows, int64_t columns);

}  // namespace matinee
