#pragma once

#include <cstdint>
#include <span>

namespace matinee {

// Scores of `users` for `item_count` items go into (rows × columns). Error(kConfig) where that does not fit, or a user
// is none of the model's `user_count`.
void check_scores(std::span<const int32_t> users, int64_t user_count, int64_t item_count, int64_t rows,
                  int64_t columns);

}  // namespace matinee
