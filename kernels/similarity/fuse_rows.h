#pragma once

#include <cstdint>
#include <span>

#include "kernels/similarity/top_neighbours.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::similarity {

// How the second similarities of a row are brought onto the scale of the first, both over all other rows:
enum class RowScale {
  kRowMax,  // the greatest become equal
  kMinMax,  // least and greatest become equal
  kZScore,  // mean and standard deviation become equal
  kRank,    // the one of rank r gets the first similarity of rank r; ties get the mean of theirs
};

// Parts of the first and the second similarity in a fused one: not negative, one of them positive, both finite.
struct FusionRatio {
  double first = 1, second = 0;
};

struct FusionOptions {
  RowScale scale = RowScale::kRowMax;
  int64_t neighbours = 100;    // at most so many per row
  bool keep_negative = false;  // negative fused similarities may be neighbours too
};

// For rows first_row … of two similarities of the same rows (rows × all), and for each ratio a : b the `neighbours`
// other rows with the highest fused similarity (a·s + b·ŝ) / (a + b), where s is the first and ŝ the second one on the
// scale of the first; ties by smaller index; 0 makes no neighbour. With b = 0 it is s itself, bit for bit. A second row
// whose similarities are all alike says nothing: ŝ = 0; so does, with kRowMax, one of which none is positive, or where
// none of the first is. magnitudes[r]: the greatest absolute first similarity of the row. Where it is 0, the first says
// nothing of the row and there is no scale: ŝ is the second over its greatest, whatever `scale`. Arithmetic is in
// double, in the order of the columns: the same bytes for any number of threads. O(all × ratios) a row, sorting where
// ranks are wanted. Runs on the CPU whatever the device. Error(kConfig) for misshapen operands.
void fuse_rows(Context& context, MatrixView<const float> first, MatrixView<const float> second, int32_t first_row,
               const FusionOptions& options, std::span<const FusionRatio> ratios,
               std::span<const NeighbourRows> results, std::span<float> magnitudes);

}  // namespace matinee::similarity
