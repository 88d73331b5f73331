#pragma once

#include <cstdint>

namespace matinee::dense {

inline constexpr int kMostTileRows = 14, kMostTileColumns = 32;

// The innermost loop of products: a tile of C stays in registers while A and B pass by.
struct GemmTile {
  // c (rows × columns, `stride` apart) = or += Σ over k of a_ik · b[k * columns + j]; b aligned to 64 bytes. a_ik is
  // a[k * rows + i], packed, or a[i * row_step + k], as it lies in a matrix.
  using Multiply = void (*)(int64_t k, const float* a, int64_t row_step, const float* b, float* c, int64_t stride,
                            bool accumulate);

  int most_rows = 0, columns = 0;
  Multiply packed[kMostTileRows + 1] = {}, in_place[kMostTileRows + 1] = {};  // by number of rows, 1 .. most_rows
};

// The one for this processor_level(): AVX-512, AVX2 with FMA, or whatever the compiler makes of it. All give the same
// bits.
const GemmTile& gemm_tile();

}  // namespace matinee::dense
