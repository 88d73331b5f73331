#pragma once

#include <cstdint>

#include "kernels/support/cuda_resources.cuh"

namespace matinee::similarity {

// Lists of candidate keys, 0 for an empty place: (lists, rows, kept), kept ≤ kMostSelected. The best of a row's lists,
// best first, become its list 0. Reads every key once, writes one list per row.
void merge_lists(CudaResources& cuda, uint64_t* lists, int32_t list_count, int32_t rows, int32_t kept);

// Takes apart the first `kept` keys of rows of falling keys; row r starts at keys + r × stride. counts[r]: how many are
// not 0; places beyond them get index -1 and value 0.
void unpack_keys(CudaResources& cuda, const uint64_t* keys, int64_t stride, int32_t rows, int32_t kept,
                 int32_t* indices,  // (rows, kept)
                 float* values,     // (rows, kept)
                 int32_t* counts);  // (rows)

}  // namespace matinee::similarity
