#include "kernels/factorization/pair_epoch.h"

#include "kernels/factorization/check_factors.h"
#include "kernels/factorization/pair_epoch_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {

double pair_epoch(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                  const EpochOptions& options) {
  check_strata(operands.blocks(), strata);
  return MATINEE_DISPATCH(context, pair_epoch, operands, strata, options);
}

}  // namespace matinee::factorization
