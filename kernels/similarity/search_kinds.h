#pragma once

#include <cstdint>

#include "kernels/similarity/similarity_options.h"

namespace matinee::similarity {

// The search on CUDA goes by tiles of rows: a warp compares a row with one tile at once, a block with one split.
inline constexpr int32_t kTileRows = 128;
inline constexpr int32_t kTilesPerSplit = 16;

// Which sums over common columns the search on CUDA holds per pair of rows.
enum class SumSet {
  kCount,    // how many, and Σw
  kProduct,  // also Σxy
  kMoments,  // also Σx, Σy, Σx², Σy²
};

constexpr SumSet sums_of(Kind kind, Norms norms) {
  if (kind == Kind::kBinaryCosine || kind == Kind::kJaccard) return SumSet::kCount;
  return kind == Kind::kPearson || norms == Norms::kCorated ? SumSet::kMoments : SumSet::kProduct;
}

// How ratings stand in panels (panels.cuh) and how wide exact sums are. Narrow: 8-bit cells, 32-bit sums; wide: 16-bit
// cells, 64-bit sums. Narrow where levels are below 255 and no sum of a row can reach 2^31; residuals are wide.
constexpr bool fits_narrow(Kind kind, int maximum_level, int64_t longest_row) {
  return kind != Kind::kAdjustedCosine && maximum_level < 255 &&
         longest_row <= INT32_MAX / (int64_t{maximum_level} * maximum_level);
}

}  // namespace matinee::similarity
