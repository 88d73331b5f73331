// The examples of implicit feedback: the constructor of RatingBlocks that draws negatives.
#include <algorithm>
#include <numeric>

#include "kernels/factorization/deal_out.h"
#include "kernels/factorization/rating_blocks.h"

namespace matinee::factorization {
namespace {

// Random words one after the other, four of each Philox block.
class Words {
 public:
  Words(const Philox& philox, uint64_t first) : philox_(philox), next_(first) {}

  // 0 .. bound-1; the bias is bound / 2^32.
  uint32_t below(uint32_t bound) {
    if (used_ == 4) {
      block_ = philox_.block(next_++);
      used_ = 0;
    }
    return static_cast<uint32_t>(uint64_t{block_[used_++]} * bound >> 32);
  }

 private:
  const Philox& philox_;
  uint64_t next_;
  Philox::Block block_{};
  int used_ = 4;
};

// Each user and each tile has 2^32 indices of the epoch's stream.
constexpr uint64_t kShuffles = uint64_t{1} << 63;

// The items of one user, as bits.
class SeenItems {
 public:
  explicit SeenItems(int32_t items) : bits_(static_cast<std::size_t>(items)) {}
  void set(std::span<const int32_t> items, bool seen) {
    for (const int32_t item : items) bits_[static_cast<std::size_t>(item)] = seen;
  }
  bool operator[](int32_t item) const { return bits_[static_cast<std::size_t>(item)]; }

 private:
  std::vector<bool> bits_;
};

// One of `candidates` that is not seen, each as likely as the others, or -1 where all are seen.
int32_t draw_unseen(std::span<const int32_t> candidates, const SeenItems& seen, Words& words) {
  constexpr int kTries = 64;  // all in vain where nearly all is seen: then by counting
  const auto count = static_cast<uint32_t>(candidates.size());
  for (int tried = 0; tried < kTries; ++tried) {
    const int32_t item = candidates[words.below(count)];
    if (!seen[item]) return item;
  }
  const auto unseen = [&](int32_t item) { return !seen[item]; };
  const auto left = static_cast<uint32_t>(std::count_if(candidates.begin(), candidates.end(), unseen));
  if (left == 0) return -1;
  uint32_t skip = words.below(left);
  for (const int32_t item : candidates) {
    if (unseen(item) && skip-- == 0) return item;
  }
  return -1;
}

// Items by group: those of group g are items[offsets[g]] … items[offsets[g + 1] - 1].
struct Groups {
  Groups(const std::vector<uint16_t>& group_of, int32_t groups) : offsets(static_cast<std::size_t>(groups) + 1) {
    for (const uint16_t group : group_of) ++offsets[group + std::size_t{1}];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    members.resize(group_of.size());
    std::vector<std::size_t> next(offsets.begin(), offsets.end() - 1);
    for (std::size_t row = 0; row < group_of.size(); ++row) members[next[group_of[row]]++] = static_cast<int32_t>(row);
  }
  std::span<const int32_t> of(std::size_t group, std::size_t count = 1) const {
    return std::span(members).subspan(offsets[group], offsets[group + count] - offsets[group]);
  }

  std::vector<std::size_t> offsets;
  std::vector<int32_t> members;
};

// Draws the examples of one group of users.
class GroupSampler {
 public:
  GroupSampler(SparseView by_user, const NegativeSampling& sampling, const std::vector<uint16_t>& item_subgroup,
               const Groups& items)
      : by_user_(by_user),
        sampling_(sampling),
        item_subgroup_(item_subgroup),
        items_(items),
        philox_(sampling.seed, stream_id(RandomStream::kNegatives, static_cast<uint64_t>(sampling.epoch))),
        seen_(by_user.columns) {}

  // In the order of users, their positives and their negatives.
  std::vector<Rating> draw(std::span<const int32_t> users) {
    std::vector<Rating> examples;
    int64_t positives = 0;
    for (const int32_t user : users) positives += by_user_.row_size(user);
    examples.reserve(static_cast<std::size_t>(positives * sampling_.examples_per_rating()));
    for (const int32_t user : users) {
      const auto rated = by_user_.row_indices(user);
      if (rated.empty()) continue;
      Words words(philox_, static_cast<uint64_t>(user) << 32);
      if (!sampling_.from_all) seen_.set(rated, true);
      for (const int32_t item : rated) add(user, item, words, examples);
      seen_.set(rated, false);
    }
    return examples;
  }

  // Puts the examples into their tiles, each in random order. `offsets`: where the tiles of the group begin, and the
  // end.
  template <typename TileOf>
  void place(std::span<const Rating> examples, const TileOf& tile_of, uint64_t first_tile,
             std::span<const int64_t> offsets, std::span<Rating> ratings) {
    std::vector<int64_t> next(offsets.begin(), offsets.end());
    for (std::size_t n = 0; n < examples.size(); n += step()) {
      int64_t& place = next[tile_of(examples[n])];
      for (std::size_t part = 0; part < step(); ++part) ratings[static_cast<std::size_t>(place++)] = examples[n + part];
    }
    for (std::size_t tile = 0; tile + 1 < offsets.size(); ++tile) {
      shuffle(ratings.subspan(static_cast<std::size_t>(offsets[tile]),
                              static_cast<std::size_t>(offsets[tile + 1] - offsets[tile])),
              first_tile + tile);
    }
  }

  // Entries of an example.
  std::size_t step() const { return sampling_.pairs ? 2 : 1; }

 private:
  void add(int32_t user, int32_t item, Words& words, std::vector<Rating>& examples) {
    if (!sampling_.pairs) examples.push_back({user, item, 1.0f});
    const auto candidates =
        sampling_.pairs ? items_.of(item_subgroup_[static_cast<std::size_t>(item)]) : std::span(items_.members);
    for (int32_t n = 0; n < sampling_.negatives; ++n) {
      const int32_t negative = draw_unseen(candidates, seen_, words);
      if (negative < 0) return;
      if (sampling_.pairs) examples.push_back({user, item, 1.0f});
      examples.push_back({user, negative, 0.0f});
    }
  }

  void shuffle(std::span<Rating> tile, uint64_t number) const {
    Words words(philox_, kShuffles | number << 32);
    for (auto left = static_cast<uint32_t>(tile.size() / step()); left > 1; --left) {
      const std::size_t one = (left - 1) * step(), other = words.below(left) * step();
      for (std::size_t part = 0; part < step(); ++part) std::swap(tile[one + part], tile[other + part]);
    }
  }

  const SparseView by_user_;
  const NegativeSampling& sampling_;
  const std::vector<uint16_t>& item_subgroup_;
  const Groups& items_;
  const Philox philox_;
  SeenItems seen_;
};

// Expected examples of each row.
std::vector<int64_t> item_weights(SparseView by_user, int64_t negatives) {
  const int64_t spread = by_user.columns > 0 ? negatives * by_user.size() / by_user.columns : 0;
  std::vector<int64_t> weights(static_cast<std::size_t>(by_user.columns), spread + 1);
  for (int64_t n = 0; n < by_user.size(); ++n) ++weights[static_cast<std::size_t>(by_user.indices[n])];
  return weights;
}

std::vector<int64_t> user_weights(SparseView by_user) {
  std::vector<int64_t> weights(static_cast<std::size_t>(by_user.rows));
  for (int32_t user = 0; user < by_user.rows; ++user) weights[static_cast<std::size_t>(user)] = by_user.row_size(user);
  return weights;
}

}  // namespace

RatingBlocks::RatingBlocks(Context& context, SparseView by_user, const NegativeSampling& sampling, int32_t groups,
                           int32_t parts)
    : groups_(groups), parts_(parts), users_(by_user.rows), items_(by_user.columns) {
  check_cut();
  const uint64_t part = kSampled + 2 * static_cast<uint64_t>(sampling.epoch);
  user_subgroup_ = deal_out(user_weights(by_user), groups * parts, sampling.seed, part);
  item_subgroup_ = deal_out(item_weights(by_user, sampling.negatives), groups * parts, sampling.seed, part + 1);
  const Groups users(user_subgroup_, groups * parts), items(item_subgroup_, groups * parts);
  const auto tile_of = [&](const Rating& example) {
    return tile_in_group(user_subgroup_[static_cast<std::size_t>(example.user)],
                         item_subgroup_[static_cast<std::size_t>(example.item)]);
  };

  // Drawn by groups of users; first all, so that each tile's place is known.
  const std::size_t tiles = tiles_of_group();
  std::vector<std::vector<Rating>> examples(static_cast<std::size_t>(groups));
  offsets_.assign(static_cast<std::size_t>(groups) * tiles + 1, 0);
  context.pool().run(groups, [&](int64_t number, int) {
    const auto group = static_cast<std::size_t>(number);
    GroupSampler sampler(by_user, sampling, item_subgroup_, items);
    examples[group] = sampler.draw(users.of(group * static_cast<std::size_t>(parts), static_cast<std::size_t>(parts)));
    int64_t* counts = &offsets_[group * tiles + 1];
    for (std::size_t n = 0; n < examples[group].size(); n += sampler.step()) {
      counts[tile_of(examples[group][n])] += static_cast<int64_t>(sampler.step());
    }
  });
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  ratings_ = Buffer<Rating>(offsets_.back());
  context.pool().run(groups, [&](int64_t number, int) {
    const auto group = static_cast<std::size_t>(number);
    GroupSampler sampler(by_user, sampling, item_subgroup_, items);
    sampler.place(examples[group], tile_of, group * tiles, std::span(offsets_).subspan(group * tiles, tiles + 1),
                  ratings_.span());
    examples[group] = {};
  });
}

}  // namespace matinee::factorization
