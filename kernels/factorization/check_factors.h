#pragma once

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"

namespace matinee::factorization {

// Throws Error(kConfig) where the model's rows do not fit the ratings or are not padded and aligned.
void check_factors(const RatingBlocks& blocks, const FactorsView<const float>& model);

}  // namespace matinee::factorization
