#include "kernels/factorization/sgd_epoch.h"

#include "kernels/factorization/check_factors.h"
#include "kernels/factorization/sgd_epoch_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {

double sgd_epoch(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                 const EpochOptions& options) {
  check_strata(operands.blocks(), strata);
  return MATINEE_DISPATCH(context, sgd_epoch, operands, strata, options);
}

double sgd_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                 const Objective& objective, const EpochOptions& options, const FactorsView<float>& model) {
  const TrainingOperands operands(context, blocks, objective, model);
  const double squares = sgd_epoch(context, operands, strata, options);
  operands.fetch(context);
  return squares;
}

}  // namespace matinee::factorization
