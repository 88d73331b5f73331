#pragma once

#include <cstdint>

namespace matinee::dense {

inline constexpr int kMostTileRows = 14;

// What sums begin with: a matrix whose rows lie `stride` apart, one row for all where that is 0; null: zeros.
struct GemmStart {
  const float* data = nullptr;
  int64_t stride = 0;
};

// The innermost loop of products: a tile of C stays in registers while A and B pass by.
struct GemmTile {
  // The first `columns` of c (rows `stride` apart) = start + Σ over k of a_ik · b[k * most_columns + j]; b aligned to
  // 64 bytes. a_ik is a[k * rows + i], packed, or a[i * row_step + k], as it lies in a matrix. Half of most_columns or
  // fewer cost half.
  using Multiply = void (*)(int64_t k, const float* a, int64_t row_step, const float* b, const GemmStart& start,
                            float* c, int64_t stride, int columns);

  int most_rows = 0, most_columns = 0;
  Multiply packed[kMostTileRows + 1] = {}, in_place[kMostTileRows + 1] = {};  // by number of rows, 1 .. most_rows
};

// The one for this processor_level(): AVX-512, AVX2 with FMA, or whatever the compiler makes of it. All give the same
// bits.
const GemmTile& gemm_tile();

}  // namespace matinee::dense
