#include "kernels/similarity/fuse_rows.h"

#include <cmath>

#include "kernels/similarity/fuse_rows_cpu.h"
#include "kernels/support/error.h"

namespace matinee::similarity {
namespace {

void check(FusionRatio ratio) {
  const double sum = ratio.first + ratio.second;
  if (ratio.first >= 0 && ratio.second >= 0 && sum > 0 && std::isfinite(sum)) return;
  fail(ErrorKind::kConfig, "fusion of similarities by {} : {}: give two finite numbers, 0 or more, not both 0",
       ratio.first, ratio.second);
}

}  // namespace

void fuse_rows(Context& context, MatrixView<const float> first, MatrixView<const float> second, int32_t first_row,
               const FusionOptions& options, std::span<const FusionRatio> ratios,
               std::span<const NeighbourRows> results, std::span<float> magnitudes) {
  const int64_t rows = first.rows, all = first.columns;
  bool fits = second.rows == rows && second.columns == all && first.stride >= all && second.stride >= all &&
              first_row >= 0 && first_row + rows <= all && options.neighbours >= 1 && ratios.size() == results.size() &&
              static_cast<int64_t>(magnitudes.size()) == rows;
  for (const NeighbourRows& result : results) {
    fits = fits && result.indices.rows == rows && result.similarities.rows == rows &&
           result.indices.columns == options.neighbours && result.similarities.columns == options.neighbours &&
           static_cast<int64_t>(result.counts.size()) == rows;
  }
  if (!fits) {
    fail(ErrorKind::kConfig, "fusion of similarities: {} × {} and {} × {} from row {} by {} ratios into {} lists of {}",
         rows, all, second.rows, second.columns, first_row, ratios.size(), results.size(), options.neighbours);
  }
  for (const FusionRatio& ratio : ratios) check(ratio);
  fuse_rows_cpu(context, first, second, first_row, options, ratios, results, magnitudes);
}

}  // namespace matinee::similarity
