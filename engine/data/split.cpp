#include "engine/data/split.h"

#include <algorithm>
#include <cmath>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

// One random key per rating: the ratings in the order of their keys are in random order.
class RandomOrder {
 public:
  RandomOrder(int64_t size, uint64_t seed) : order_(static_cast<std::size_t>(size)) {
    const Philox draws(seed, stream_id(RandomStream::kSplit));
    for (std::size_t entry = 0; entry < order_.size(); ++entry) order_[entry] = {draws.bits(entry), entry};
  }

  // Calls take(entry) for those at places begin .. end-1 of the order. Ranges must be asked for from left to right.
  template <typename Take>
  void range(int64_t begin, int64_t end, const Take& take) {
    if (end < static_cast<int64_t>(order_.size())) {
      std::nth_element(order_.begin() + begin, order_.begin() + end, order_.end());
    }
    for (int64_t place = begin; place < end; ++place) take(order_[static_cast<std::size_t>(place)].entry);
  }

 private:
  struct Key {
    uint64_t bits;
    std::size_t entry;  // breaks ties
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Key> order_;
};

int64_t tested_count(const Ratings& ratings, double share) {
  const int64_t count = std::llround(share * static_cast<double>(ratings.size()));
  if (count <= 0 || count >= ratings.size()) {
    fail(ErrorKind::kConfig,
         "a test share of {} leaves {} of {} ratings to test: change dataset.split.test_share or use more data", share,
         count, ratings.size());
  }
  return count;
}

Split all_trained(const Ratings& ratings) {
  return {{std::vector<Role>(static_cast<std::size_t>(ratings.size()), Role::kTrain)}};
}

Ratings empty_like(const Ratings& ratings) {
  Ratings part;
  part.user_count = ratings.user_count;
  part.item_count = ratings.item_count;
  part.grid = ratings.grid;
  return part;
}

Ratings select(const Ratings& ratings, const std::vector<Role>& roles, Role wanted) {
  Ratings part = empty_like(ratings);
  const auto count = static_cast<std::size_t>(std::count(roles.begin(), roles.end(), wanted));
  part.users.reserve(count);
  part.items.reserve(count);
  part.levels.reserve(count);
  if (!ratings.timestamps.empty()) part.timestamps.reserve(count);
  for (std::size_t entry = 0; entry < roles.size(); ++entry) {
    if (roles[entry] != wanted) continue;
    part.users.push_back(ratings.users[entry]);
    part.items.push_back(ratings.items[entry]);
    part.levels.push_back(ratings.levels[entry]);
    if (!ratings.timestamps.empty()) part.timestamps.push_back(ratings.timestamps[entry]);
  }
  return part;
}

}  // namespace

Fold select_fold(const Ratings& ratings, const std::vector<Role>& roles) {
  Ratings train = select(ratings, roles, Role::kTrain);
  train.timestamps = {};
  return {by_user(train), select(ratings, roles, Role::kTest), std::nullopt};
}

Fold everything(const Ratings& ratings) {
  return {by_user(ratings), empty_like(ratings), std::nullopt};
}

Split random_split(const Ratings& ratings, double test_share, uint64_t seed) {
  const int64_t count = tested_count(ratings, test_share);
  Split split = all_trained(ratings);
  RandomOrder(ratings.size(), seed).range(0, count, [&](std::size_t entry) { split.folds[0][entry] = Role::kTest; });
  return split;
}

Split k_fold_split(const Ratings& ratings, int folds, uint64_t seed) {
  if (folds < 2 || folds > ratings.size()) {
    fail(ErrorKind::kConfig, "{} ratings cannot be split into {} folds: change dataset.split.folds", ratings.size(),
         folds);
  }
  Split split;
  RandomOrder order(ratings.size(), seed);
  for (int fold = 0; fold < folds; ++fold) {
    auto& roles = split.folds.emplace_back(static_cast<std::size_t>(ratings.size()), Role::kTrain);
    order.range(ratings.size() * fold / folds, ratings.size() * (fold + 1) / folds,
                [&](std::size_t entry) { roles[entry] = Role::kTest; });
  }
  return split;
}

Split leave_last_out_split(const Ratings& ratings, bool by_file_order) {
  const bool timed = !ratings.timestamps.empty();
  if (!timed && !by_file_order) {
    fail(ErrorKind::kConfig,
         "the ratings have no timestamps, so which is a user's last is unknown: set dataset.split.by_file_order to "
         "true if the file is in the order of time");
  }
  struct Last {
    int64_t entry = -1;
    bool alone = true;
  };
  std::vector<Last> last(static_cast<std::size_t>(ratings.user_count));
  for (int64_t entry = 0; entry < ratings.size(); ++entry) {
    Last& of_user = last[static_cast<std::size_t>(ratings.users[static_cast<std::size_t>(entry)])];
    of_user.alone = of_user.entry < 0;
    const bool later = of_user.alone || !timed ||
                       ratings.timestamps[static_cast<std::size_t>(entry)] >=
                           ratings.timestamps[static_cast<std::size_t>(of_user.entry)];
    if (later) of_user.entry = entry;
  }
  Split split = all_trained(ratings);
  bool any = false;
  for (const Last& of_user : last) {
    if (of_user.entry < 0 || of_user.alone) continue;
    split.folds[0][static_cast<std::size_t>(of_user.entry)] = Role::kTest;
    any = true;
  }
  if (!any) fail(ErrorKind::kInput, "leave_last_out: no user has two ratings, so there is nothing to test");
  return split;
}

Split temporal_split(const Ratings& ratings, double test_share) {
  if (ratings.timestamps.empty()) {
    fail(ErrorKind::kConfig, "the ratings have no timestamps: a temporal split needs them");
  }
  std::vector<int64_t> times = ratings.timestamps;
  const auto place = times.end() - tested_count(ratings, test_share);
  std::nth_element(times.begin(), place, times.end());
  const int64_t cut = *place;
  Split split = all_trained(ratings);
  bool trains = false;
  for (std::size_t entry = 0; entry < times.size(); ++entry) {
    if (ratings.timestamps[entry] >= cut) split.folds[0][entry] = Role::kTest;
    trains = trains || ratings.timestamps[entry] < cut;
  }
  if (!trains) {
    fail(ErrorKind::kInput, "temporal: no rating is older than the cut at {}, so there is nothing to train on", cut);
  }
  return split;
}

}  // namespace matinee::engine
