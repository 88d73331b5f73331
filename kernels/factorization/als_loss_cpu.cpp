#include "kernels/factorization/als_loss.h"
#include "kernels/factorization/padded.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

constexpr int64_t kUsersPerTask = 64;
constexpr int64_t kSums = 8;

// Σ_k p_k q_k: sum l adds k = l, l + 8, …, then the sums in rising order.
[[gnu::always_inline]] inline double dot_in_double(const float* p, const float* q, int64_t count) {
  double sums[kSums] = {};
  for (int64_t k = 0; k < count; k += kSums) {
    for (int64_t l = 0; l < kSums; ++l) sums[l] += static_cast<double>(p[k + l]) * static_cast<double>(q[k + l]);
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

MATINEE_MULTIVERSION
void add_errors(SparseView by_user, const AlsFactors& factors, int64_t begin, int64_t end, double* rows) {
  for (int64_t user = begin; user < end; ++user) {
    double squares = 0;
    for (const int32_t item : by_user.row_indices(static_cast<int32_t>(user))) {
      const double error = 1 - dot_in_double(factors.users.row(user), factors.items.row(item), factors.users.columns);
      squares += error * error;
    }
    rows[user] = squares;
  }
}

}  // namespace

void als_row_errors_cpu(Context& context, SparseView by_user, const AlsFactors& factors, std::span<double> rows) {
  parallel_blocks(context, by_user.rows, kUsersPerTask,
                  [&](int64_t begin, int64_t end, int) { add_errors(by_user, factors, begin, end, rows.data()); });
}

}  // namespace matinee::factorization
