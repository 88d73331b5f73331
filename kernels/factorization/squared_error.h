#pragma once

#include "kernels/factorization/training_operands.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// Σ (value - link(x))² over all training ratings, in double, with the model as it is. The order of additions is that of
// tiles, blocks and strata: the same bits for any number of threads, and on CUDA. Reads 2 padded rows per rating.
double squared_error(Context& context, const TrainingOperands& operands);

// The same for operands that are needed only here. Errors as TrainingOperands.
double squared_error(Context& context, const RatingBlocks& blocks, Link link, const FactorsView<float>& model);

double squared_error_cpu(Context& context, const TrainingOperands& operands);

}  // namespace matinee::factorization
