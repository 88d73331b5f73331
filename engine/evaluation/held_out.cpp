#include "engine/evaluation/held_out.h"

namespace matinee::engine {
namespace {

constexpr double kSlack = 1e-9;  // level × step is rounded: 0.3 may lie below 0.3

Ratings relevant_ratings(const Ratings& ratings, double positive_from) {
  Ratings relevant;
  relevant.user_count = ratings.user_count;
  relevant.item_count = ratings.item_count;
  relevant.grid = ratings.grid;
  for (std::size_t n = 0; n < ratings.users.size(); ++n) {
    if (ratings.grid.value(ratings.levels[n]) < positive_from - kSlack) continue;
    relevant.users.push_back(ratings.users[n]);
    relevant.items.push_back(ratings.items[n]);
    relevant.levels.push_back(ratings.levels[n]);
  }
  return relevant;
}

}  // namespace

HeldOut held_out_of(const Fold& fold, std::optional<double> positive_from) {
  HeldOut held_out;
  held_out.tested = by_user(fold.test);
  held_out.relevant = positive_from ? by_user(relevant_ratings(fold.test, *positive_from)) : held_out.tested;
  const SparseView relevant = held_out.relevant.view();
  for (int32_t user = 0; user < relevant.rows; ++user) {
    if (relevant.row_size(user) > 0) held_out.users.push_back(user);
  }
  return held_out;
}

}  // namespace matinee::engine
