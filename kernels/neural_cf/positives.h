#pragma once

#include <cstdint>
#include <vector>

#include "kernels/support/sparse_view.h"

namespace matinee::neural_cf {

// The ratings that give examples, user by user: those of users who have not rated everything, by `rated`.
struct Positives {
  std::vector<int32_t> users, items;

  Positives(SparseView by_user, SparseView rated) {
    users.reserve(static_cast<std::size_t>(by_user.size()));
    items.reserve(static_cast<std::size_t>(by_user.size()));
    for (int32_t user = 0; user < by_user.rows; ++user) {
      if (rated.row_size(user) >= rated.columns) continue;
      for (const int32_t item : by_user.row_indices(user)) {
        users.push_back(user);
        items.push_back(item);
      }
    }
  }
  int64_t count() const { return static_cast<int64_t>(users.size()); }
};

}  // namespace matinee::neural_cf
