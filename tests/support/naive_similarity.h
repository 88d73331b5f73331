#pragma once

#include <cstddef>
#include <vector>

#include "engine/data/ratings.h"
#include "kernels/similarity/similarity_options.h"

namespace matinee::test {

// The weights that tests give columns where the options say that the caller does.
inline double own_weight(std::size_t column) {
  return 1 / (1.25 + static_cast<double>(column % 7));
}

// Similarities of all rows by the definitions of math.md §1, in double, from dense matrices: slow, obvious.
// Entry (i, j) at i * rows + j; the diagonal is 0. `residual_step`: adjusted cosine rounds residuals to it.
std::vector<double> naive_similarities(const engine::SparseRatings& rows, const similarity::Options& options,
                                       double residual_step);

}  // namespace matinee::test
