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

void RatingBlocks::check_cut() const {
  if (groups_ >= 1 && groups_ <= kMaximumGroups && parts_ >= 1 && parts_ <= kMaximumParts) return;
  fail(ErrorKind::kConfig, "{} groups of ratings in {} parts: give 1 to {} groups and 1 to {} parts", groups_, parts_,
       kMaximumGroups, kMaximumParts);
}

int32_t RatingBlocks::default_parts(int64_t ratings) {
  constexpr int64_t kRatingsPerTile = 8;
  const int64_t groups = default_groups(ratings);
  int32_t parts = 1;
  while (parts < kMaximumParts && 4 * groups * groups * parts * parts * kRatingsPerTile <= ratings) parts *= 2;
  return parts;
}

int64_t RatingBlocks::bytes(int64_t users, int64_t items, int64_t ratings) {
  const int64_t subgroups = int64_t{default_groups(ratings)} * default_parts(ratings);
  constexpr int64_t kRatingBytes = sizeof(Rating), kOffsetBytes = sizeof(int64_t), kSubgroupBytes = sizeof(uint16_t);
  constexpr int64_t kDealingBytes = sizeof(int64_t) + sizeof(int32_t);  // counts and order of the larger side
  return ratings * kRatingBytes + (users + items) * kSubgroupBytes + std::max(users, items) * kDealingBytes +
         (subgroups * subgroups + 1) * kOffsetBytes;
}

int64_t RatingBlocks::sampled_bytes(int64_t users, int64_t items, int64_t examples) {
  return bytes(users, items, examples) + examples * static_cast<int64_t>(sizeof(Rating)) + (users + items) * 12;
}

RatingBlocks::RatingBlocks(Context& context, SparseView by_user, const LevelValues& values, int32_t groups,
                           uint64_t seed, int32_t parts)
    : groups_(groups), parts_(parts), users_(by_user.rows), items_(by_user.columns), ratings_(by_user.size()) {
  check_cut();
  user_subgroup_ = deal_out(user_counts(by_user), groups * parts, seed, kUserGroups);
  item_subgroup_ = deal_out(item_counts(by_user), groups * parts, seed, kItemGroups);
  const auto tile_of = [&](int32_t user, int32_t item) {
    const int32_t a = user_subgroup_[static_cast<std::size_t>(user)];
    return static_cast<std::size_t>(a / parts) * tiles_of_group() +
           tile_in_group(a, item_subgroup_[static_cast<std::size_t>(item)]);
  };
  const auto for_each_rating = [&](const auto& visit) {
    for (int32_t user = 0; user < by_user.rows; ++user) {
      for (int64_t n = by_user.offsets[user]; n < by_user.offsets[user + 1]; ++n) {
        const int32_t item = by_user.indices[n];
        visit(tile_of(user, item), Rating{user, item, values[by_user.levels[n]]});
      }
    }
  };

  // First the sizes, then the begins, which filling moves on to the ends: those are the begins of the next tiles.
  const int64_t tiles = int64_t{groups} * groups * parts * parts;
  offsets_.assign(static_cast<std::size_t>(tiles) + 1, 0);
  for_each_rating([&](std::size_t tile, const Rating&) { ++offsets_[tile]; });
  std::exclusive_scan(offsets_.begin(), offsets_.end(), offsets_.begin(), int64_t{0});
  for_each_rating([&](std::size_t tile, const Rating& rating) { ratings_[offsets_[tile]++] = rating; });
  std::move_backward(offsets_.begin(), offsets_.end() - 1, offsets_.end());
  offsets_.front() = 0;

  parallel_blocks(context, tiles, int64_t{parts} * parts, [&](int64_t begin, int64_t end, int) {
    for (auto tile = static_cast<std::size_t>(begin); tile < static_cast<std::size_t>(end); ++tile) {
      shuffle(ratings_.span().subspan(static_cast<std::size_t>(offsets_[tile]),
                                      static_cast<std::size_t>(offsets_[tile + 1] - offsets_[tile])),
              seed, kTiles + tile);
    }
  });
}

std::vector<int32_t> strata_order(int32_t groups, uint64_t seed, int64_t epoch) {
  std::vector<int32_t> order(static_cast<std::size_t>(groups));
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), seed, kEpochs + static_cast<uint64_t>(epoch));
  return order;
}

}  // namespace matinee::factorization
