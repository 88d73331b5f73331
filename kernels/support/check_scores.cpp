#include "kernels/support/check_scores.h"

#include "kernels/support/error.h"

namespace matinee {

void check_scores(std::span<const int32_t> users, int64_t user_count, int64_t item_count, int64_t rows,
                  int64_t columns) {
  if (rows != static_cast<int64_t>(users.size()) || columns != item_count) {
    fail(ErrorKind::kConfig, "scores of shape {} × {} for {} users and {} items", rows, columns, users.size(),
         item_count);
  }
  for (const int32_t user : users) {
    if (user < 0 || user >= user_count) fail(ErrorKind::kConfig, "user {} of a model of {} users", user, user_count);
  }
}

}  // namespace matinee
