// The constructor of RatingBlocks that draws the examples of implicit feedback.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/factorization/rating_blocks.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::factorization {
namespace {

using test::TrainingData;
using Example = std::tuple<int32_t, int32_t, float>;

std::vector<Example> in_order(const RatingBlocks& blocks) {
  std::vector<Example> examples;
  for (int32_t a = 0; a < blocks.groups(); ++a) {
    for (int32_t b = 0; b < blocks.groups(); ++b) {
      for (const Rating& rating : blocks.block(a, b)) examples.emplace_back(rating.user, rating.item, rating.value);
    }
  }
  return examples;
}

RatingBlocks sampled(const TrainingData& data, const NegativeSampling& sampling, int32_t groups, int threads = 2,
                     int32_t parts = 3) {
  Context context({}, threads);
  return {context, data.by_user.view(), sampling, groups, parts};
}

bool rated(const TrainingData& data, int32_t user, int32_t item) {
  const auto items = data.by_user.view().row_indices(user);
  return std::binary_search(items.begin(), items.end(), item);
}

TEST(SampledBlocks, HoldEachPositiveOnceAndUnratedNegatives) {
  for (const auto& [users, items] : {std::pair{0, 0}, {1, 31}, {31, 33}, {131, 2}, {33, 131}}) {
    const TrainingData data(test::random_ratings(users, items, 0.4, test::random_seed()));
    for (const int32_t groups : {1, 5, 128}) {
      std::map<int32_t, int> positives, negatives;
      for (const auto& [user, item, value] : in_order(sampled(data, {.negatives = 3, .seed = 7}, groups))) {
        ASSERT_EQ(value, rated(data, user, item) ? 1.0f : 0.0f);
        ++(value == 1.0f ? positives : negatives)[user];
      }
      for (int32_t user = 0; user < users; ++user) {
        const auto count = static_cast<int>(data.by_user.view().row_size(user));
        EXPECT_EQ(positives[user], count);
        EXPECT_EQ(negatives[user], count == items ? 0 : 3 * count) << "of " << items << " items";
      }
    }
  }
}

TEST(SampledBlocks, PairsStandNextToEachOtherAndLieInTheirTileWhole) {
  constexpr int32_t kGroups = 3, kParts = 2;
  const TrainingData data(test::random_ratings(61, 97, 0.3, test::random_seed()));
  const RatingBlocks blocks = sampled(data, {.negatives = 2, .pairs = true, .seed = 7}, kGroups, 2, kParts);
  std::map<int32_t, std::set<int32_t>> subgroups_of_item;
  for (int32_t block = 0; block < kGroups * kGroups; ++block) {
    const auto offsets = blocks.block_offsets(block / kGroups, block % kGroups);
    for (int32_t tile = 0; tile < kParts * kParts; ++tile) {
      const int32_t step = tile / kParts, user_part = tile % kParts;
      const int32_t subgroup = block % kGroups * kParts + (user_part + step) % kParts;
      for (auto n = static_cast<std::size_t>(offsets[static_cast<std::size_t>(tile)]);
           n < static_cast<std::size_t>(offsets[static_cast<std::size_t>(tile) + 1]); n += 2) {
        const Rating held = blocks.ratings()[n], drawn = blocks.ratings()[n + 1];
        ASSERT_EQ(held.user, drawn.user);
        ASSERT_TRUE(rated(data, held.user, held.item));
        ASSERT_FALSE(rated(data, drawn.user, drawn.item));
        for (const int32_t item : {held.item, drawn.item}) subgroups_of_item[item].insert(subgroup);
      }
    }
  }
  for (const auto& [item, subgroups] : subgroups_of_item) EXPECT_EQ(subgroups.size(), 1U) << "item " << item;
  EXPECT_NEAR(static_cast<double>(blocks.size()), 4.0 * static_cast<double>(data.ratings.size()),
              0.1 * static_cast<double>(data.ratings.size()))
      << "but for users who have rated a whole subgroup";
}

TEST(SampledBlocks, AreDrawnAnewForEachEpochAndTheSameForAnyNumberOfThreads) {
  const TrainingData data(test::random_ratings(61, 97, 0.3, test::random_seed()));
  for (const bool pairs : {false, true}) {
    const auto first = in_order(sampled(data, {.negatives = 2, .pairs = pairs, .seed = 7}, 4));
    EXPECT_EQ(in_order(sampled(data, {.negatives = 2, .pairs = pairs, .seed = 7}, 4, 3)), first);
    EXPECT_NE(in_order(sampled(data, {.negatives = 2, .pairs = pairs, .seed = 8}, 4)), first);
    auto again = in_order(sampled(data, {.negatives = 2, .pairs = pairs, .seed = 7, .epoch = 1}, 4));
    auto sorted = first;
    std::sort(sorted.begin(), sorted.end());
    std::sort(again.begin(), again.end());
    EXPECT_NE(again, sorted) << "other negatives, not only another order";
  }
}

// How often each item is a negative of a user who has rated 40 of 60 items, 20000 in all.
std::map<int32_t, int> negatives_of_one_user(bool from_all) {
  engine::Ratings ratings = test::random_ratings(1, 60, 1.0, 1);
  ratings.users.resize(40);
  ratings.items.resize(40);
  ratings.levels.resize(40);
  const TrainingData data(ratings);
  std::map<int32_t, int> drawn;
  const uint64_t seed = test::random_seed();
  for (int64_t epoch = 0; epoch < 100; ++epoch) {
    const NegativeSampling sampling{.negatives = 5, .from_all = from_all, .seed = seed, .epoch = epoch};
    for (const auto& [user, item, value] : in_order(sampled(data, sampling, 4))) {
      if (value == 0.0f) ++drawn[item];
    }
  }
  return drawn;
}

TEST(SampledBlocks, EachUnratedItemIsDrawnAboutAsOften) {
  const auto drawn = negatives_of_one_user(false);
  EXPECT_EQ(drawn.size(), 20U);
  for (const auto& [item, count] : drawn) EXPECT_NEAR(count, 1000, 200) << "item " << item;  // 6 deviations
}

TEST(SampledBlocks, FromAllItemsEachIsDrawnAboutAsOftenRatedOrNot) {
  const auto drawn = negatives_of_one_user(true);
  EXPECT_EQ(drawn.size(), 60U);
  for (const auto& [item, count] : drawn) EXPECT_NEAR(count, 333, 110) << "item " << item;  // 6 deviations
}

}  // namespace
}  // namespace matinee::factorization
