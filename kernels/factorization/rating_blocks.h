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
  bool from_all = false;  // negatives are any items, not only those without a rating; not with pairs
  uint64_t seed = 0;
  int64_t epoch = 0;

  int64_t examples_per_rating() const { return pairs ? 2 * int64_t{negatives} : 1 + int64_t{negatives}; }
};

// The training ratings cut into groups × groups blocks: users and items are dealt out at random to groups of about
// equal numbers of ratings; block (a, b) holds the ratings of user group a on item group b. Two blocks that share
// neither group touch different rows, so the blocks (a, a + s mod groups) of one stratum s can be worked on at the same
// time. A block is cut in the same way once more, its groups into `parts` subgroups each: tile (step, i) holds the
// ratings of user subgroup i on item subgroup i + step mod parts, in random order, and the tiles of one step can be
// worked on at the same time. So there are groups tasks for a few fast cores, and groups × parts for a GPU, and both
// update each row in the same order: that of steps. Drawn from the seed alone.
class RatingBlocks {
 public:
  static constexpr int32_t kMaximumGroups = 128;
  static constexpr int32_t kMaximumParts = 32;

  // `groups` in 1 .. kMaximumGroups, `parts` in 1 .. kMaximumParts. Time O(ratings + users + items + tiles).
  RatingBlocks(Context& context, SparseView by_user, const LevelValues& values, int32_t groups, uint64_t seed,
               int32_t parts = 1);

  // The examples of one epoch in place of the ratings: positives with value 1, negatives with value 0. Users and items
  // are dealt out anew for each epoch. With pairs, ratings 2 n and 2 n + 1 of a block are a positive and a negative of
  // one user; negatives are drawn from the subgroup of their positive's item, so that both rows belong to the tile. A
  // user who has rated all items brings no negatives. Time O(examples + tiles).
  RatingBlocks(Context& context, SparseView by_user, const NegativeSampling& sampling, int32_t groups,
               int32_t parts = 1);

  // The number of groups for so many ratings: a power of two that leaves about 1000 ratings to a block, never more
  // groups than kMaximumGroups.
  static int32_t default_groups(int64_t ratings);
  // The number of parts of default_groups: a power of two that leaves about 10 ratings to a tile, at most
  // kMaximumParts.
  static int32_t default_parts(int64_t ratings);
  // Peak bytes of making an object for so much data in default groups and parts.
  static int64_t bytes(int64_t users, int64_t items, int64_t ratings);
  static int64_t sampled_bytes(int64_t users, int64_t items, int64_t examples);

  int32_t groups() const { return groups_; }
  int32_t parts() const { return parts_; }
  int32_t users() const { return users_; }
  int32_t items() const { return items_; }
  int64_t size() const { return ratings_.size(); }
  // The subgroup of each user and of each item, of groups() × parts(); those of a group are `parts` neighbours.
  std::span<const uint16_t> user_subgroups() const { return user_subgroup_; }
  std::span<const uint16_t> item_subgroups() const { return item_subgroup_; }
  // All ratings, and where each tile begins: tile (step, i) of block (a, b) is number
  // ((a × groups + b) × parts + step) × parts + i.
  std::span<const Rating> ratings() const { return ratings_.span(); }
  std::span<const int64_t> tile_offsets() const { return offsets_; }
  // The offsets of a block's tiles, in order of step and user subgroup, and of its end: (parts × parts + 1).
  std::span<const int64_t> block_offsets(int32_t user_group, int32_t item_group) const {
    const std::size_t tiles = static_cast<std::size_t>(parts_) * static_cast<std::size_t>(parts_);
    const std::size_t block =
        static_cast<std::size_t>(user_group) * static_cast<std::size_t>(groups_) + static_cast<std::size_t>(item_group);
    return std::span(offsets_).subspan(block * tiles, tiles + 1);
  }
  int32_t stratum_item_group(int32_t stratum, int32_t user_group) const { return (user_group + stratum) % groups_; }
  // The ratings of a block in the order in which they are learnt from.
  std::span<const Rating> block(int32_t user_group, int32_t item_group) const {
    const auto offsets = block_offsets(user_group, item_group);
    return ratings().subspan(static_cast<std::size_t>(offsets.front()),
                             static_cast<std::size_t>(offsets.back() - offsets.front()));
  }
  std::span<const Rating> stratum_block(int32_t stratum, int32_t user_group) const {
    return block(user_group, stratum_item_group(stratum, user_group));
  }

 private:
  void check_cut() const;
  // The place of a tile among those of its user group, from the subgroups of user and item.
  std::size_t tile_in_group(int32_t user_subgroup, int32_t item_subgroup) const {
    const int32_t i = user_subgroup % parts_, block = item_subgroup / parts_;
    const int32_t step = (item_subgroup % parts_ - i + parts_) % parts_;
    return (static_cast<std::size_t>(block) * static_cast<std::size_t>(parts_) + static_cast<std::size_t>(step)) *
               static_cast<std::size_t>(parts_) +
           static_cast<std::size_t>(i);
  }
  std::size_t tiles_of_group() const {
    return static_cast<std::size_t>(groups_) * static_cast<std::size_t>(parts_) * static_cast<std::size_t>(parts_);
  }

  int32_t groups_, parts_, users_, items_;
  std::vector<uint16_t> user_subgroup_, item_subgroup_;
  std::vector<int64_t> offsets_;  // (tiles + 1)
  Buffer<Rating> ratings_;
};

// The order in which an epoch takes its strata 0 .. groups-1.
std::vector<int32_t> strata_order(int32_t groups, uint64_t seed, int64_t epoch);

}  // namespace matinee::factorization
