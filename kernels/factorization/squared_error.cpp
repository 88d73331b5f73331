#include "kernels/factorization/squared_error.h"

#include "kernels/factorization/check_factors.h"
#include "kernels/support/error.h"

namespace matinee::factorization {

double squared_error(Context& context, const RatingBlocks& blocks, Link link, const FactorsView<const float>& model) {
  check_factors(blocks, model);
  if (context.device().kind != DeviceKind::kCpu) {
    fail(ErrorKind::kDevice, "the error on ratings is not computed on {}: give --device cpu",
         to_string(context.device()));
  }
  return cpu::squared_error(context, blocks, link, model);
}

}  // namespace matinee::factorization
