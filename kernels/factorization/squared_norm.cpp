#include "kernels/factorization/squared_norm.h"

#include "kernels/factorization/squared_norm_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {

double squared_norm(Context& context, const StoredMatrix& matrix) {
  return MATINEE_DISPATCH(context, squared_norm, matrix);
}

}  // namespace matinee::factorization
