#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>

#include "engine/data/ratings.h"
#include "kernels/support/error.h"

namespace matinee::bench {

// Ratings from a text file of lines "user item level" with dense indices from 0.
inline engine::SparseRatings read_ratings(const char* path) {
  engine::Ratings ratings;
  std::ifstream file(path);
  for (int32_t user = 0, item = 0, level = 0; file >> user >> item >> level;) {
    ratings.users.push_back(user);
    ratings.items.push_back(item);
    ratings.levels.push_back(static_cast<uint8_t>(level));
    ratings.user_count = std::max(ratings.user_count, user + 1);
    ratings.item_count = std::max(ratings.item_count, item + 1);
  }
  if (ratings.size() == 0) fail(ErrorKind::kInput, "{}: no ratings", path);
  return engine::by_user(ratings);
}

}  // namespace matinee::bench
