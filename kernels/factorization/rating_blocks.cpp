#include "kernels/factorization/rating_blocks.h"

#include <algorithm>
#include <numeric>

#include "kernels/factorization/deal_out.h"
#include "kernels/support/error.h"

namespace matinee::factorization {
namespace {

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

void RatingBlocks::check_groups() const {
  if (groups_ >= 1 && groups_ <= kMaximumGroups) return;
  fail(ErrorKind::kConfig, "{} groups of ratings: give 1 to {}", groups_, kMaximumGroups);
}

int64_t RatingBlocks::bytes(int64_t users, int64_t items, int64_t ratings) {
  const int64_t groups = default_groups(ratings);
  constexpr int64_t kRatingBytes = sizeof(Rating), kOffsetBytes = sizeof(int64_t);
  constexpr int64_t kDealingBytes = sizeof(int64_t) + sizeof(int32_t);  // counts and order of the larger side
  return ratings * kRatingBytes + (users + items) + std::max(users, items) * kDealingBytes +
         2 * (groups * groups + 1) * kOffsetBytes;
}

int64_t RatingBlocks::sampled_bytes(int64_t users, int64_t items, int64_t examples) {
  return bytes(users, items, examples) + examples * static_cast<int64_t>(sizeof(Rating)) + (users + items) * 12;
}

RatingBlocks::RatingBlocks(Context& context, SparseView by_user, const LevelValues& values, int32_t groups,
                           uint64_t seed)
    : groups_(groups), users_(by_user.rows), items_(by_user.columns), ratings_(by_user.size()) {
  check_groups();
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
