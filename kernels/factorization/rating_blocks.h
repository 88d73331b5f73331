#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/sparse_view.h"

namespace matinee::factorization {

// One training rating.
struct Rating {
  int32_t user;
  int32_t item;
  float value;
};

// The target of training for each level of a rating.
using LevelValues = std::array<float, 256>;

// How an epoch on implicit feedback draws its examples: every rating is a positive, whatever its value, and brings
// items that its user has not rated, drawn at random.
struct NegativeSampling {
  int32_t negatives = 4;  // for each positive
  bool pairs = false;     // examples are (positive, negative) pairs, next to each other
  uint64_t seed = 0;
  int64_t epoch = 0;

  int64_t examples_per_rating() const { return pairs ? 2 * int64_t{negatives} : 1 + int64_t{negatives}; }
};

// The training ratings cut into groups × groups blocks: users and items are dealt out at random to groups of about
// equal numbers of ratings; block (a, b) holds the ratings of user group a on item group b in random order. Two blocks
// that share neither group touch different rows, so the blocks (a, a + s mod groups) of one stratum s can be worked on
// at the same time. Drawn from the seed alone.
class RatingBlocks {
 public:
  static constexpr int32_t kMaximumGroups = 128;

  // `groups` in 1 .. kMaximumGroups. Time O(ratings + users + items).
  RatingBlocks(Context& context, SparseView by_user, const LevelValues& values, int32_t groups, uint64_t seed);

  // The examples of one epoch in place of the ratings: positives with value 1, negatives with value 0. Users and items
  // are dealt out anew for each epoch. With pairs, ratings 2 n and 2 n + 1 of a block are a positive and a negative of
  // one user; negatives are drawn from the group of their positive's item, so that both rows belong to the block. A
  // user who has rated all items brings no negatives. Time O(examples).
  RatingBlocks(Context& context, SparseView by_user, const NegativeSampling& sampling, int32_t groups);

  // The number of groups for so many ratings: a power of two that leaves about 1000 ratings to a block, never more
  // groups than kMaximumGroups.
  static int32_t default_groups(int64_t ratings);
  // Peak bytes of making an object for so much data.
  static int64_t bytes(int64_t users, int64_t items, int64_t ratings);
  static int64_t sampled_bytes(int64_t users, int64_t items, int64_t examples);

  int32_t groups() const { return groups_; }
  int32_t users() const { return users_; }
  int32_t items() const { return items_; }
  int64_t size() const { return ratings_.size(); }
  std::span<const Rating> block(int32_t user_group, int32_t item_group) const {
    const std::size_t index = static_cast<std::size_t>(user_group) * groups_ + item_group;
    return ratings_.span().subspan(static_cast<std::size_t>(offsets_[index]),
                                   static_cast<std::size_t>(offsets_[index + 1] - offsets_[index]));
  }
  std::span<const Rating> stratum_block(int32_t stratum, int32_t user_group) const {
    return block(user_group, (user_group + stratum) % groups_);
  }

 private:
  void check_groups() const;

  int32_t groups_, users_, items_;
  std::vector<int64_t> offsets_;  // (groups × groups + 1)
  Buffer<Rating> ratings_;
};

// The order in which an epoch takes its strata 0 .. groups-1.
std::vector<int32_t> strata_order(int32_t groups, uint64_t seed, int64_t epoch);

}  // namespace matinee::factorization
