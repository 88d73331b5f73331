#include "kernels/factorization/squared_norm.h"

#include "kernels/support/error.h"

namespace matinee::factorization {

double squared_norm(Context& context, const MatrixView<const float>& matrix) {
  if (context.device().kind != DeviceKind::kCpu) {
    fail(ErrorKind::kDevice, "norms of factors are not computed on {}: give --device cpu", to_string(context.device()));
  }
  return cpu::squared_norm(context, matrix);
}

}  // namespace matinee::factorization
