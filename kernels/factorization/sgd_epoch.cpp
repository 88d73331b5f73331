#include "kernels/factorization/sgd_epoch.h"

#include "kernels/factorization/check_factors.h"
#include "kernels/support/error.h"

namespace matinee::factorization {

double sgd_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                 const Objective& objective, float learning_rate, const FactorsView<float>& model) {
  check_factors(blocks, model);
  check_strata(blocks, strata);
  if (context.device().kind != DeviceKind::kCpu) {
    fail(ErrorKind::kDevice, "SGD on ratings does not run on {}: give --device cpu", to_string(context.device()));
  }
  return cpu::sgd_epoch(context, blocks, strata, objective, learning_rate, model);
}

}  // namespace matinee::factorization
