#pragma once

#include <cstdint>

#include "kernels/similarity/comparison_cuda.cuh"
#include "kernels/similarity/pair_value.cuh"
#include "kernels/similarity/panels.cuh"
#include "kernels/similarity/search_panels.cuh"

namespace matinee::similarity {

// Bytes of the matrices of the recipe.
int64_t gram_matrix_bytes(const DeviceComparison& comparison);

// Fills the matrices of the recipe: (matrices, padded rows, padded columns). Bytes written: all of them once, in full
// lines; bytes read: the ratings once per matrix.
void fill_gram_matrices(CudaResources& cuda, const DeviceComparison& comparison, int8_t* matrices);

// Compares rows with all rows of a group of tiles: products of the matrices by cuBLAS, 8-bit integers to exact 32-bit
// sums, then one kernel that turns them into similarities and keeps the best. `products` has room for
// gram_product_elements(). Multiply-adds: products × rows × group's rows × padded columns; bytes of the kernel after
// them: 4 per product, chunk and pair, coalesced, about 10 instructions of a warp per 32 of those.
void search_products(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure, TileGroup group,
                     int32_t* products, const SearchTarget& target);

int64_t gram_product_elements(const DeviceComparison& comparison, int32_t rows, TileGroup group);

}  // namespace matinee::similarity
