#include "kernels/ranking/top_n.h"

#include "kernels/ranking/top_n_cuda.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::ranking {
namespace {

void check(int64_t score_rows, int64_t score_columns, const SparseView& seen, std::span<const int32_t> users,
           int64_t lists) {
  const auto rows = static_cast<int64_t>(users.size());
  if (score_rows != rows || lists != rows || seen.columns != score_columns) {
    fail(ErrorKind::kConfig, "top_n of {} users: {} × {} scores, {} lists, {} items in the seen ratings", rows,
         score_rows, score_columns, lists, seen.columns);
  }
  for (const int32_t user : users) {
    if (user < 0 || user >= seen.rows) fail(ErrorKind::kConfig, "top_n: user {} of {}", user, seen.rows);
  }
}

}  // namespace

void top_n(Context& context, MatrixView<const float> scores, const SparseView& seen, std::span<const int32_t> users,
           MatrixView<RankedItem> best) {
  check(scores.rows, scores.columns, seen, users, best.rows);
  MATINEE_DISPATCH(context, top_n, scores, seen, users, best);
}

void top_n(Context& context, const DeviceMatrix& scores, const SparseView& seen, std::span<const int32_t> users,
           MatrixView<RankedItem> best) {
  check(scores.rows(), scores.columns(), seen, users, best.rows);
  MATINEE_ON_CUDA(top_n, context, scores, seen, users, best);
}

}  // namespace matinee::ranking
