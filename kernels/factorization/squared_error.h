#pragma once

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/factorization/rating_update.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// Σ (value - link(x))² over all training ratings, in double, with the model as it is. The order of additions is that of
// the blocks: the same bits for any number of threads. Errors as sgd_epoch. Reads 2 padded rows per rating.
double squared_error(Context& context, const RatingBlocks& blocks, Link link, const FactorsView<const float>& model);

namespace cpu {
double squared_error(Context& context, const RatingBlocks& blocks, Link link, const FactorsView<const float>& model);
}

}  // namespace matinee::factorization
