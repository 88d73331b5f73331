#include "kernels/ranking/top_n.h"

#include "kernels/support/error.h"

namespace matinee::ranking {

void top_n(Context& context, MatrixView<const float> scores, const SparseView& seen, std::span<const int32_t> users,
           MatrixView<RankedItem> best) {
  const auto rows = static_cast<int64_t>(users.size());
  if (scores.rows != rows || best.rows != rows || seen.columns != scores.columns) {
    fail(ErrorKind::kConfig, "top_n of {} users: {} × {} scores, {} lists, {} items in the seen ratings", rows,
         scores.rows, scores.columns, best.rows, seen.columns);
  }
  for (const int32_t user : users) {
    if (user < 0 || user >= seen.rows) fail(ErrorKind::kConfig, "top_n: user {} of {}", user, seen.rows);
  }
  if (context.device().kind != DeviceKind::kCpu) {
    fail(ErrorKind::kDevice, "lists are not ranked on {}: give --device cpu", to_string(context.device()));
  }
  cpu::top_n(context, scores, seen, users, best);
}

}  // namespace matinee::ranking
