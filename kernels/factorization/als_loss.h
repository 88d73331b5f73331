#pragma once

#include <span>

#include "kernels/factorization/als_objective.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::factorization {

// The two sides of the model x_ui = w_u · h_i, each with its Gram matrix (gram_matrix.h). Rows are padded with zeros.
struct AlsFactors {
  MatrixView<const float> users;      // (users, padded)
  MatrixView<const float> items;      // (items, padded)
  const double* user_gram = nullptr;  // (padded, padded)
  const double* item_gram = nullptr;  // (padded, padded)
};

// The value of `objective` in double. Σ x_ui² over all pairs is Σ_kl user_gram(k, l) item_gram(k, l). Sums in one fixed
// order on a device: the same bits for any number of threads. `by_item` counts the items' ratings. Throws
// Error(kConfig) where shapes disagree. Reads 2 rows and 2 flops per factor for each rating.
double als_loss(Context& context, SparseView by_user, SparseView by_item, const AlsFactors& factors,
                const AlsObjective& objective);

// What each row of `by_user` adds by its ratings: rows[u] = Σ_i (1 - x_ui)².
void als_row_errors_cpu(Context& context, SparseView by_user, const AlsFactors& factors, std::span<double> rows);

}  // namespace matinee::factorization
