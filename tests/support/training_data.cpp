#include "tests/support/training_data.h"

#include <string>

#include "kernels/support/philox.h"

namespace matinee::test {
namespace {

void add(engine::Ratings& ratings, int32_t user, int32_t item, int level) {
  ratings.users.push_back(user);
  ratings.items.push_back(item);
  ratings.levels.push_back(static_cast<uint8_t>(level));
}

}  // namespace

TrainingData::TrainingData(engine::Ratings given)
    : ratings(std::move(given)), by_user(engine::by_user(ratings)), by_item(engine::transposed(by_user)) {
  for (int32_t item = 0; item < ratings.item_count; ++item) {
    catalogue.genres.push_back(std::string(item % 2 == 0 ? "Even" : "Odd") + (item % 3 == 0 ? "|Third" : ""));
  }
}

engine::TrainingInput TrainingData::input(uint64_t seed) const {
  engine::TrainingInput input;
  input.by_user = by_user.view();
  input.by_item = by_item.view();
  input.grid = ratings.grid;
  input.catalogue = &catalogue;
  input.seed = seed;
  return input;
}

engine::Ratings random_ratings(int32_t users, int32_t items, double density, uint64_t seed) {
  engine::Ratings ratings;
  ratings.user_count = users;
  ratings.item_count = items;
  const Philox draws(seed, stream_id(RandomStream::kSynthetic));
  uint64_t index = 0;
  for (int32_t user = 0; user < users; ++user) {
    for (int32_t item = 0; item < items; ++item, index += 2) {
      const auto levels = static_cast<uint64_t>(ratings.grid.maximum_level - ratings.grid.minimum_level + 1);
      const int level = ratings.grid.minimum_level + static_cast<int>(draws.below(index + 1, levels));
      if (draws.uniform(index) < density) add(ratings, user, item, level);
    }
  }
  return ratings;
}

engine::Ratings checkerboard(int32_t users, int32_t items, bool with_dislikes) {
  engine::Ratings ratings;
  ratings.user_count = users;
  ratings.item_count = items;
  for (int32_t user = 0; user < users; ++user) {
    for (int32_t item = 0; item < items; ++item) {
      if (withheld(user, item)) continue;
      if (liked(user, item)) add(ratings, user, item, ratings.grid.maximum_level);
      if (!liked(user, item) && with_dislikes) add(ratings, user, item, ratings.grid.minimum_level);
    }
  }
  return ratings;
}

// Every diagonal of blocks of two, so that liked and disliked pairs are withheld alike.
bool withheld(int32_t user, int32_t item) {
  return (user / 2 + item / 2) % 4 == 0;
}

}  // namespace matinee::test
