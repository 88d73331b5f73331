#include "kernels/factorization/check_factors.h"

#include "kernels/factorization/rating_update.h"
#include "kernels/support/buffer.h"
#include "kernels/support/error.h"

namespace matinee::factorization {
namespace {

void check_rows(const char* what, const MatrixView<const float>& factors, int32_t rows) {
  if (factors.rows != rows) fail(ErrorKind::kConfig, "factors of {} {} for ratings of {}", factors.rows, what, rows);
  const bool padded_rows = factors.columns == factors.stride && factors.stride % kLanes == 0;
  const bool aligned = reinterpret_cast<uintptr_t>(factors.data) % kBufferAlignment == 0;
  if (!padded_rows || !aligned) {
    fail(ErrorKind::kConfig, "the factors of {} are not padded to a multiple of {} and aligned", what, kLanes);
  }
}

}  // namespace

void check_factors(const RatingBlocks& blocks, const FactorsView<const float>& model) {
  check_rows("users", model.user_factors, blocks.users());
  check_rows("items", model.item_factors, blocks.items());
  if (model.user_factors.stride != model.item_factors.stride) {
    fail(ErrorKind::kConfig, "user factors of length {} and item factors of length {}", model.user_factors.stride,
         model.item_factors.stride);
  }
}

void check_strata(const RatingBlocks& blocks, std::span<const int32_t> strata) {
  for (const int32_t stratum : strata) {
    if (stratum < 0 || stratum >= blocks.groups()) {
      fail(ErrorKind::kConfig, "stratum {} of an epoch that has {}", stratum, blocks.groups());
    }
  }
}

}  // namespace matinee::factorization
