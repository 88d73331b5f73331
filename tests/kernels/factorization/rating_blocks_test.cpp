#include "kernels/factorization/rating_blocks.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::TrainingData;

std::vector<std::array<float, 3>> in_order(const RatingBlocks& blocks) {
  std::vector<std::array<float, 3>> ratings;
  for (int32_t a = 0; a < blocks.groups(); ++a) {
    for (int32_t b = 0; b < blocks.groups(); ++b) {
      for (const Rating& rating : blocks.block(a, b)) {
        ratings.push_back({static_cast<float>(rating.user), static_cast<float>(rating.item), rating.value});
      }
    }
  }
  return ratings;
}

TEST(RatingBlocks, HoldEachRatingOnce) {
  for (const auto& [users, items] : {std::pair{0, 0}, {1, 1}, {31, 33}, {131, 1}, {3, 131}}) {
    const TrainingData data(test::random_ratings(users, items, 0.4, test::random_seed()));
    for (const auto& [groups, parts] : {std::pair{1, 1}, {2, 3}, {5, 1}, {5, 32}, {128, 2}}) {
      Context context({}, 2);
      const RatingBlocks blocks(context, data.by_user.view(), test::half_star_values(), groups, 7, parts);
      auto held = in_order(blocks);
      std::sort(held.begin(), held.end());
      std::vector<std::array<float, 3>> given;
      for (std::size_t n = 0; n < data.ratings.users.size(); ++n) {
        given.push_back({static_cast<float>(data.ratings.users[n]), static_cast<float>(data.ratings.items[n]),
                         0.5f * static_cast<float>(data.ratings.levels[n])});
      }
      std::sort(given.begin(), given.end());
      EXPECT_EQ(held, given) << users << " × " << items << " in " << groups << " × " << parts;
      EXPECT_EQ(blocks.size(), data.ratings.size());
    }
  }
}

TEST(RatingBlocks, OfOneStratumShareNoUserAndNoItem) {
  const TrainingData data(test::random_ratings(131, 97, 0.3, test::random_seed()));
  Context context({}, 2);
  const RatingBlocks blocks(context, data.by_user.view(), test::half_star_values(), 5, test::random_seed());
  for (int32_t stratum = 0; stratum < 5; ++stratum) {
    std::set<int32_t> taken_users, taken_items;
    for (int32_t group = 0; group < 5; ++group) {
      std::set<int32_t> users, items;
      for (const Rating& rating : blocks.stratum_block(stratum, group)) {
        users.insert(rating.user);
        items.insert(rating.item);
      }
      for (const int32_t user : users) EXPECT_TRUE(taken_users.insert(user).second) << "user " << user;
      for (const int32_t item : items) EXPECT_TRUE(taken_items.insert(item).second) << "item " << item;
    }
  }
}

TEST(RatingBlocks, TilesOfOneStepShareNoUserAndNoItem) {
  const TrainingData data(test::random_ratings(131, 97, 0.3, test::random_seed()));
  Context context({}, 2);
  constexpr int32_t kGroups = 3, kParts = 4;
  const RatingBlocks blocks(context, data.by_user.view(), test::half_star_values(), kGroups, test::random_seed(),
                            kParts);
  for (int32_t a = 0; a < kGroups; ++a) {
    for (int32_t b = 0; b < kGroups; ++b) {
      const auto offsets = blocks.block_offsets(a, b);
      ASSERT_EQ(offsets.size(), std::size_t{kParts * kParts + 1});
      for (std::size_t step = 0; step < kParts; ++step) {
        std::set<int32_t> taken_users, taken_items;
        for (std::size_t i = 0; i < kParts; ++i) {
          std::set<int32_t> users, items;
          const std::size_t tile = step * kParts + i;
          for (int64_t n = offsets[tile]; n < offsets[tile + 1]; ++n) {
            users.insert(blocks.ratings()[static_cast<std::size_t>(n)].user);
            items.insert(blocks.ratings()[static_cast<std::size_t>(n)].item);
          }
          for (const int32_t user : users) EXPECT_TRUE(taken_users.insert(user).second) << "user " << user;
          for (const int32_t item : items) EXPECT_TRUE(taken_items.insert(item).second) << "item " << item;
        }
      }
    }
  }
}

TEST(RatingBlocks, AreAboutEqualInSize) {
  const TrainingData data(test::random_ratings(400, 300, 0.3, test::random_seed()));
  Context context({}, 2);
  const RatingBlocks blocks(context, data.by_user.view(), test::half_star_values(), 4, 7);
  const double mean = static_cast<double>(blocks.size()) / 16;
  for (int32_t a = 0; a < 4; ++a) {
    for (int32_t b = 0; b < 4; ++b) {
      EXPECT_NEAR(static_cast<double>(blocks.block(a, b).size()), mean, 0.2 * mean);
    }
  }
}

TEST(RatingBlocks, DependOnTheSeedAndNotOnTheThreads) {
  const TrainingData data(test::random_ratings(61, 47, 0.5, test::random_seed()));
  const auto order = [&](int threads, uint64_t seed) {
    Context context({}, threads);
    return in_order(RatingBlocks(context, data.by_user.view(), test::half_star_values(), 3, seed, 4));
  };
  EXPECT_EQ(order(1, 7), order(3, 7));
  EXPECT_NE(order(1, 7), order(1, 8));
}

TEST(RatingBlocks, GroupsGrowWithTheData) {
  EXPECT_EQ(RatingBlocks::default_groups(0), 1);
  EXPECT_EQ(RatingBlocks::default_groups(80'000), 8);
  EXPECT_EQ(RatingBlocks::default_groups(10'000'000), 64);
  EXPECT_EQ(RatingBlocks::default_groups(4'000'000'000), RatingBlocks::kMaximumGroups);
}

TEST(RatingBlocks, PartsLeaveAFewRatingsToATile) {
  EXPECT_EQ(RatingBlocks::default_parts(0), 1);
  for (const int64_t ratings : {80'000LL, 1'000'000LL, 10'000'000LL, 100'000'000LL}) {
    const int64_t side = int64_t{RatingBlocks::default_groups(ratings)} * RatingBlocks::default_parts(ratings);
    EXPECT_GE(ratings / (side * side), 8) << ratings;
    EXPECT_LE(ratings / (side * side), 32) << ratings;
  }
  EXPECT_EQ(RatingBlocks::default_parts(1'000'000'000'000), RatingBlocks::kMaximumParts);
}

TEST(RatingBlocks, RefuseImpossibleGroups) {
  const TrainingData data(test::random_ratings(3, 4, 0.5, 1));
  Context context({}, 1);
  for (const int32_t groups : {0, -1, RatingBlocks::kMaximumGroups + 1}) {
    EXPECT_THROW(RatingBlocks(context, data.by_user.view(), test::half_star_values(), groups, 7), Error);
  }
  for (const int32_t parts : {0, RatingBlocks::kMaximumParts + 1}) {
    EXPECT_THROW(RatingBlocks(context, data.by_user.view(), test::half_star_values(), 2, 7, parts), Error);
  }
}

TEST(StrataOrder, IsANewPermutationEachEpoch) {
  std::vector<int32_t> all(64);
  std::iota(all.begin(), all.end(), 0);
  const auto first = strata_order(64, 7, 0), second = strata_order(64, 7, 1);
  EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), all.begin(), all.end()));
  EXPECT_TRUE(std::is_permutation(second.begin(), second.end(), all.begin(), all.end()));
  EXPECT_NE(first, second);
  EXPECT_NE(first, strata_order(64, 8, 0));
  EXPECT_EQ(first, strata_order(64, 7, 0));
}

}  // namespace
}  // namespace matinee::factorization
