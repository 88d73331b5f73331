#pragma once

#include <cstdint>
#include <span>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"

namespace matinee::factorization {

// Throws Error(kConfig) where the model's rows do not fit the ratings or are not padded and aligned.
void check_factors(const RatingBlocks& blocks, const FactorsView<const float>& model);

// Throws Error(kConfig) where a stratum is none of the blocks'.
void check_strata(const RatingBlocks& blocks, std::span<const int32_t> strata);

}  // namespace matinee::factorization
