#include "host/readers/synthetic.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "host/readers/synthetic_taste.h"

namespace matinee::host {
namespace {

constexpr int64_t kFirstMoment = 946684800;            // 2000-01-01
constexpr uint64_t kMomentsToStart = 315360000;        // ten years
constexpr uint64_t kLongestGap = 7200;                 // seconds between two ratings of a user
constexpr double kTasteDeviation = 0.15, kMean = 0.6;  // of the width of the grid
constexpr float kNoise = 0.5F;                         // deviations of the taste
constexpr int64_t kUsersPerTask = 64, kUsersPerPart = 4096;

// How much more often a user rates what suits them: the logistic function.
double acceptance(float affinity) {
  return 1 / (1 + std::exp(-2.0 * affinity));
}

// Draws one user after the other. Holds scratch: one per worker.
class UserDrawer {
 public:
  UserDrawer(const SyntheticTaste& taste, uint64_t seed, int64_t items, const engine::RatingGrid& grid)
      : taste_(taste), seed_(seed), items_(items), grid_(grid), taken_by_(static_cast<std::size_t>(items), -1) {}

  // Writes `count` entries from `begin` on.
  void draw(int64_t user, int64_t begin, int64_t count, engine::Ratings& ratings) {
    const SyntheticTaste::User person = taste_.user(user);
    const Philox draws = synthetic_draws(seed_, kFirstUserPart + static_cast<uint64_t>(user));
    uint64_t next_draw = 0;
    choose(user, person, count, draws, next_draw);
    int64_t moment = kFirstMoment + static_cast<int64_t>(draws.below(next_draw++, kMomentsToStart));
    for (int64_t n = 0; n < count; ++n) {
      const auto entry = static_cast<std::size_t>(begin + n);
      const int32_t item = chosen_[static_cast<std::size_t>(n)];
      const Philox::Block words = draws.block(next_draw++);
      ratings.items[entry] = item;
      ratings.levels[entry] = level(person, item, words);
      moment += 1 + static_cast<int64_t>(uint64_t{words[3]} * kLongestGap >> 32);
      ratings.timestamps[entry] = moment;
    }
  }

 private:
  void choose(int64_t user, const SyntheticTaste::User& person, int64_t count, const Philox& draws,
              uint64_t& next_draw) {
    chosen_.clear();
    // Drawing again what was taken is cheap while most is free; then the rest is chosen by keys.
    const int64_t most_draws = 4 * count + 64;
    for (int64_t draw = 0; draw < most_draws && static_cast<int64_t>(chosen_.size()) < count; ++draw) {
      const Philox::Block words = draws.block(next_draw++);
      const double uniform = static_cast<double>((words[0] | uint64_t{words[1]} << 32) >> 11) * 0x1.0p-53;
      const int32_t item = taste_.item_of_rank(taste_.draw_rank(uniform));
      auto& taken_by = taken_by_[static_cast<std::size_t>(item)];
      if (taken_by == user || words[2] * 0x1.0p-32 >= acceptance(taste_.affinity(person, item))) continue;
      taken_by = user;
      chosen_.push_back(item);
    }
    if (static_cast<int64_t>(chosen_.size()) < count) choose_by_keys(user, person, count, draws, next_draw);
  }

  // Weighted draws without replacement: the smallest of Exponential(1) / weight (Efraimidis and Spirakis 2006).
  void choose_by_keys(int64_t user, const SyntheticTaste::User& person, int64_t count, const Philox& draws,
                      uint64_t& next_draw) {
    keys_.clear();
    for (int64_t rank = 0; rank < items_; ++rank) {
      const int32_t item = taste_.item_of_rank(rank);
      if (taken_by_[static_cast<std::size_t>(item)] == user) continue;
      const double weight = taste_.popularity(rank) * acceptance(taste_.affinity(person, item));
      keys_.emplace_back(-std::log1p(-draws.uniform(next_draw++)) / weight, item);
    }
    const auto wanted = static_cast<std::ptrdiff_t>(count) - static_cast<std::ptrdiff_t>(chosen_.size());
    std::partial_sort(keys_.begin(), keys_.begin() + wanted, keys_.end());
    for (auto key = keys_.begin(); key != keys_.begin() + wanted; ++key) chosen_.push_back(key->second);
  }

  uint8_t level(const SyntheticTaste::User& person, int32_t item, const Philox::Block& words) const {
    // The sum of three uniforms has variance 1/4: about normal.
    const float noise =
        2 * ((static_cast<float>(words[0]) + static_cast<float>(words[1]) + static_cast<float>(words[2])) * 0x1.0p-32F -
             1.5F);
    const float liking = taste_.affinity(person, item) + person.bias + taste_.item_bias(item) + kNoise * noise;
    const double width = grid_.maximum_level - grid_.minimum_level;
    const double exact = grid_.minimum_level + width * (kMean + kTasteDeviation * static_cast<double>(liking));
    return static_cast<uint8_t>(std::clamp<long>(std::lround(exact), grid_.minimum_level, grid_.maximum_level));
  }

  const SyntheticTaste& taste_;
  uint64_t seed_;
  int64_t items_;
  const engine::RatingGrid& grid_;
  std::vector<int64_t> taken_by_;  // per item: the last user who chose it
  std::vector<int32_t> chosen_;
  std::vector<std::pair<double, int32_t>> keys_;
};

// The index in `ids` of each of the ids 1 .. count.
std::vector<int32_t> numbered_ids(engine::IdMap& ids, int64_t count) {
  std::vector<int32_t> index(static_cast<std::size_t>(count));
  for (std::size_t number = 0; number < index.size(); ++number) index[number] = ids.insert(std::to_string(number + 1));
  return index;
}

}  // namespace

engine::Dataset draw_dataset(Context& context, const DatasetSpec& spec, engine::IdMap users, engine::IdMap items,
                             const ReadProgress& progress) {
  const auto seed = static_cast<uint64_t>(spec.synthetic_seed);
  engine::Dataset dataset;
  dataset.users = std::move(users);
  dataset.items = std::move(items);
  const std::vector<int32_t> user_index = numbered_ids(dataset.users, spec.users);
  const std::vector<int32_t> item_index = numbered_ids(dataset.items, spec.items);

  engine::Ratings& ratings = dataset.ratings;
  ratings.user_count = dataset.users.size();
  ratings.item_count = dataset.items.size();
  ratings.grid = spec.grid();
  const auto size = static_cast<std::size_t>(spec.rating_count);
  ratings.users.resize(size);
  ratings.items.resize(size);
  ratings.levels.resize(size);
  ratings.timestamps.resize(size);

  const std::vector<int64_t> count = synthetic_activity(seed, spec.users, spec.items, spec.rating_count);
  std::vector<int64_t> begin(1, 0);
  for (const int64_t of_user : count) begin.push_back(begin.back() + of_user);
  const SyntheticTaste taste(seed, spec.items);
  std::vector<UserDrawer> drawers(static_cast<std::size_t>(context.threads()),
                                  UserDrawer(taste, seed, spec.items, ratings.grid));
  const auto draw_user = [&](int64_t user, int worker) {
    const auto u = static_cast<std::size_t>(user);
    drawers[static_cast<std::size_t>(worker)].draw(user, begin[u], count[u], ratings);
    std::fill(ratings.users.begin() + begin[u], ratings.users.begin() + begin[u + 1], user_index[u]);
    for (int64_t entry = begin[u]; entry < begin[u + 1]; ++entry) {
      int32_t& item = ratings.items[static_cast<std::size_t>(entry)];
      item = item_index[static_cast<std::size_t>(item)];
    }
  };
  for (int64_t done = 0; done < spec.users;) {
    const int64_t part = std::min(kUsersPerPart, spec.users - done);
    parallel_blocks(context, part, kUsersPerTask, [&](int64_t first, int64_t last, int worker) {
      for (int64_t user = done + first; user < done + last; ++user) draw_user(user, worker);
    });
    done += part;
    if (progress) progress(static_cast<double>(done), static_cast<double>(spec.users), "users");
  }
  return dataset;
}

}  // namespace matinee::host
