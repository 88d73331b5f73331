#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/model.h"

namespace matinee::test {

// Training ratings in both orders, as a model wants them. The genre of every third item is "Third", of the others
// "Even" or "Odd" by their number too.
struct TrainingData {
  engine::Ratings ratings;
  engine::SparseRatings by_user;
  engine::SparseRatings by_item;
  engine::Catalogue catalogue;

  explicit TrainingData(engine::Ratings ratings);
  engine::TrainingInput input(uint64_t seed) const;
  engine::History history() const { return {by_user.view(), ratings.grid}; }
};

// Each (user, item) pair rated with probability `density`, levels uniform on the default grid.
engine::Ratings random_ratings(int32_t users, int32_t items, double density, uint64_t seed);

// Two groups of users and items, told by parity: who is even likes what is even. One pair in four is withheld. Rated
// are the liked pairs at the highest level and, `with_dislikes`, the others at the lowest.
engine::Ratings checkerboard(int32_t users, int32_t items, bool with_dislikes);
bool withheld(int32_t user, int32_t item);
inline bool liked(int32_t user, int32_t item) {
  return user % 2 == item % 2;
}

}  // namespace matinee::test
