#include "kernels/factorization/squared_error.h"

#include "kernels/factorization/squared_error_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {

double squared_error(Context& context, const TrainingOperands& operands) {
  return MATINEE_DISPATCH(context, squared_error, operands);
}

double squared_error(Context& context, const RatingBlocks& blocks, Link link, const FactorsView<float>& model) {
  Objective objective;
  objective.link = link;
  return squared_error(context, TrainingOperands(context, blocks, objective, model));
}

}  // namespace matinee::factorization
