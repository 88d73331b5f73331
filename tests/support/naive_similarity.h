#pragma once

#include <vector>

#include "engine/data/ratings.h"
#include "kernels/similarity/similarity_options.h"

namespace matinee::test {

// Similarities of all rows by the definitions of math.md §1, in double, from dense matrices: slow, obvious.
// Entry (i, j) at i * rows + j; the diagonal is 0. `residual_step`: adjusted cosine rounds residuals to it.
std::vector<double> naive_similarities(const engine::SparseRatings& rows, const similarity::Options& options,
                                       double residual_step);

}  // namespace matinee::test
