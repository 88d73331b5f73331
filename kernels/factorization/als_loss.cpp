#include "kernels/factorization/als_loss.h"

#include "kernels/factorization/als_loss_cuda.h"
#include "kernels/factorization/padded.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::factorization {
namespace {

void check_side(const char* what, const MatrixView<const float>& rows, int32_t count, int64_t columns) {
  if (rows.rows != count || rows.columns != columns || rows.stride != columns || columns % kLanes != 0) {
    fail(ErrorKind::kConfig, "factors of shape {} × {} at distance {} for {} {}, padded to a multiple of {}", rows.rows,
         rows.columns, rows.stride, count, what, kLanes);
  }
}

double penalties(SparseView ratings, const MatrixView<const float>& factors, const AlsObjective& objective) {
  double sum = 0;
  for (int32_t row = 0; row < ratings.rows; ++row) {
    double norm = 0;
    for (int64_t k = 0; k < factors.columns; ++k) {
      const double value = static_cast<double>(factors(row, k));
      norm += value * value;
    }
    sum += objective.penalty(ratings.row_size(row), ratings.columns) * norm;
  }
  return sum;
}

}  // namespace

double als_loss(Context& context, SparseView by_user, SparseView by_item, const AlsFactors& factors,
                const AlsObjective& objective) {
  const int64_t columns = factors.users.columns;
  check_side("users", factors.users, by_user.rows, columns);
  check_side("items", factors.items, by_item.rows, columns);
  Buffer<double> row_errors(by_user.rows);
  MATINEE_DISPATCH(context, als_row_errors, by_user, factors, row_errors.span());
  double errors = 0, products = 0;
  for (const double row : row_errors.span()) errors += row;
  for (int64_t n = 0; n < columns * columns; ++n) products += factors.user_gram[n] * factors.item_gram[n];
  return errors + objective.unobserved_weight * products + penalties(by_user, factors.users, objective) +
         penalties(by_item, factors.items, objective);
}

}  // namespace matinee::factorization
