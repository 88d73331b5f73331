#include "kernels/factorization/rating_blocks.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"

namespace matinee::factorization {
namespace {

// Parts of RandomStream::kShuffle, which the epochs' orders of strata follow.
enum ShufflePart : uint64_t { kUserGroups, kItemGroups, kBlocks, kEpochs = kBlocks + (1 << 20) };

template <typename T>
void shuffle(std::span<T> values, uint64_t seed, uint64_t part) {
  const Philox draws(seed, stream_id(RandomStream::kShuffle, part));
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[draws.below(left, left)]);
  }
}

// Deals rows out in random order, so that each group gets about the same number of ratings. Returns each row's group.
std::vector<uint8_t> deal_out(std::span<const int64_t> counts, int32_t groups, uint64_t seed, uint64_t part) {
  std::vector<int32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), seed, part);
  const int64_t total = std::reduce(counts.begin(), counts.end());
  std::vector<uint8_t> group_of(counts.size());
  int64_t before = 0;
  for (const int32_t row : order) {
    const int64_t count = counts[static_cast<std::size_t>(row)];
    const int64_t middle = before + count / 2;  // a heavy row goes where most of it lies
    group_of[static_cast<std::size_t>(row)] =
        static_cast<uint8_t>(middle >= total ? groups - 1 : middle * groups / total);
    before += count;
  }
  return group_of;
}

std::vector<int64_t> item_counts(SparseView by_user) {
  std::vector<int64_t> counts(static_cast<std::size_t>(by_user.columns));
  for (int64_t n = 0; n < by_user.size(); ++n) ++counts[static_cast<std::size_t>(by_user.indices[n])];
  return counts;
}

std::vector<int64_t> user_counts(SparseView by_user) {
  std::vector<int64_t> counts(static_cast<std::size_t>(by_user.rows));
  for (int32_t user = 0; user < by_user.rows; ++user) counts[static_cast<std::size_t>(user)] = by_user.row_size(user);
  return counts;
}

}  // namespace

int32_t RatingBlocks::default_groups(int64_t ratings) {
  constexpr int64_t kRatingsPerBlock = 1000;
  int32_t groups = 1;
  while (groups < kMaximumGroups && int64_t{4} * groups * groups * kRatingsPerBlock <= ratings) groups *= 2;
  return groups;
}

int64_t RatingBlocks::bytes(int64_t users, int64_t items, int64_t ratings) {
  const int64_t groups = default_groups(ratings);
  constexpr int64_t kRatingBytes = sizeof(Rating), kOffsetBytes = sizeof(int64_t);
  constexpr int64_t kDealingBytes = sizeof(int64_t) + sizeof(int32_t);  // counts and order of the larger side
  return ratings * kRatingBytes + (users + items) + std::max(users, items) * kDealingBytes +
         2 * (groups * groups + 1) * kOffsetBytes;
}

RatingBlocks::RatingBlocks(Context& context, SparseView by_user, const LevelValues& values, int32_t groups,
                           uint64_t seed)
    : groups_(groups), users_(by_user.rows), items_(by_user.columns), ratings_(by_user.size()) {
  if (groups < 1 || groups > kMaximumGroups) {
    fail(ErrorKind::kConfig, "{} groups of ratings: give 1 to {}", groups, kMaximumGroups);
  }
  const std::vector<uint8_t> user_group = deal_out(user_counts(by_user), groups, seed, kUserGroups);
  const std::vector<uint8_t> item_group = deal_out(item_counts(by_user), groups, seed, kItemGroups);
  const auto for_each_rating = [&](const auto& visit) {
    for (int32_t user = 0; user < by_user.rows; ++user) {
      const std::size_t first_block = static_cast<std::size_t>(user_group[static_cast<std::size_t>(user)]) * groups;
      for (int64_t n = by_user.offsets[user]; n < by_user.offsets[user + 1]; ++n) {
        const int32_t item = by_user.indices[n];
        visit(first_block + item_group[static_cast<std::size_t>(item)], Rating{user, item, values[by_user.levels[n]]});
      }
    }
  };

  offsets_.assign(static_cast<std::size_t>(groups) * groups + 1, 0);
  for_each_rating([&](std::size_t block, const Rating&) { ++offsets_[block + 1]; });
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  std::vector<int64_t> next(offsets_.begin(), offsets_.end() - 1);
  for_each_rating([&](std::size_t block, const Rating& rating) { ratings_[next[block]++] = rating; });

  context.pool().run(int64_t{groups} * groups, [&](int64_t block, int) {
    const std::size_t index = static_cast<std::size_t>(block);
    shuffle(ratings_.span().subspan(static_cast<std::size_t>(offsets_[index]),
                                    static_cast<std::size_t>(offsets_[index + 1] - offsets_[index])),
            seed, kBlocks + index);
  });
}

std::vector<int32_t> strata_order(int32_t groups, uint64_t seed, int64_t epoch) {
  std::vector<int32_t> order(static_cast<std::size_t>(groups));
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), seed, kEpochs + static_cast<uint64_t>(epoch));
  return order;
}

}  // namespace matinee::factorization
