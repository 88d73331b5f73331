#include "engine/data/split.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

// Every (user, item) pair once in three, in random order of time.
Ratings random_ratings(int32_t users, int32_t items, uint64_t seed) {
  Ratings ratings;
  ratings.user_count = users;
  ratings.item_count = items;
  ratings.grid = {1, 1, 5};
  const Philox draws(seed, 99);
  uint64_t next = 0;
  for (int32_t user = 0; user < users; ++user) {
    for (int32_t item = 0; item < items; ++item) {
      if (draws.below(next++, 3) != 0) continue;
      ratings.users.push_back(user);
      ratings.items.push_back(item);
      ratings.levels.push_back(static_cast<uint8_t>(1 + draws.below(next++, 5)));
      ratings.timestamps.push_back(static_cast<int64_t>(draws.below(next++, 1000)));
    }
  }
  return ratings;
}

int64_t count(const std::vector<Role>& roles, Role role) {
  return std::count(roles.begin(), roles.end(), role);
}

TEST(Split, RandomTestsTheShareExactlyAndRepeatsWithItsSeed) {
  const Ratings ratings = random_ratings(131, 33, test::random_seed());
  for (const double share : {0.01, 0.2, 0.5, 0.99}) {
    const Split split = random_split(ratings, share, 7);
    ASSERT_EQ(split.folds.size(), 1);
    EXPECT_EQ(count(split.folds[0], Role::kTest), std::llround(share * static_cast<double>(ratings.size())));
    EXPECT_EQ(count(split.folds[0], Role::kUnused), 0);
    EXPECT_EQ(random_split(ratings, share, 7).folds, split.folds);
    EXPECT_NE(random_split(ratings, share, 8).folds, split.folds);
  }
}

TEST(Split, RandomTestsEveryPartOfTheFileAlike) {
  const Ratings ratings = random_ratings(400, 131, test::random_seed());
  const Split split = random_split(ratings, 0.5, test::random_seed());
  const auto half = static_cast<std::ptrdiff_t>(ratings.size() / 2);
  const auto in_first_half = std::count(split.folds[0].begin(), split.folds[0].begin() + half, Role::kTest);
  // Six standard deviations of a hypergeometric draw of half: sqrt(n) / 4 each.
  const double expected = static_cast<double>(half) / 2;
  EXPECT_NEAR(static_cast<double>(in_first_half), expected, 6 * std::sqrt(static_cast<double>(ratings.size())) / 4);
}

TEST(Split, AShareThatLeavesNothingIsRefused) {
  const Ratings ratings = random_ratings(3, 3, 1);
  EXPECT_THROW(random_split(ratings, 1e-9, 1), Error);
  EXPECT_THROW(random_split(ratings, 1 - 1e-9, 1), Error);
  EXPECT_THROW(random_split(Ratings{}, 0.5, 1), Error);
}

TEST(Split, FoldsTestEveryRatingOnceInEqualParts) {
  const Ratings ratings = random_ratings(131, 33, test::random_seed());
  for (const int folds : {2, 5, 31}) {
    const Split split = k_fold_split(ratings, folds, 3);
    ASSERT_EQ(split.folds.size(), static_cast<std::size_t>(folds));
    std::vector<int> tested(ratings.users.size(), 0);
    for (const auto& roles : split.folds) {
      const int64_t size = count(roles, Role::kTest);
      EXPECT_GE(size, ratings.size() / folds);
      EXPECT_LE(size, ratings.size() / folds + 1);
      for (std::size_t entry = 0; entry < roles.size(); ++entry) tested[entry] += roles[entry] == Role::kTest;
    }
    EXPECT_EQ(std::count(tested.begin(), tested.end(), 1), ratings.size());
  }
  EXPECT_THROW(k_fold_split(ratings, 1, 3), Error);
  EXPECT_THROW(k_fold_split(random_ratings(1, 1, 1), 2, 3), Error);
}

TEST(Split, LeaveLastOutHoldsOutEachUsersLatest) {
  const Ratings ratings = random_ratings(131, 33, test::random_seed());
  const Split split = leave_last_out_split(ratings, false);
  for (int32_t user = 0; user < ratings.user_count; ++user) {
    int64_t latest = -1, ratings_of_user = 0;
    for (std::size_t entry = 0; entry < ratings.users.size(); ++entry) {
      if (ratings.users[entry] != user) continue;
      ++ratings_of_user;
      if (latest < 0 || ratings.timestamps[entry] >= ratings.timestamps[static_cast<std::size_t>(latest)]) {
        latest = static_cast<int64_t>(entry);
      }
    }
    for (std::size_t entry = 0; entry < ratings.users.size(); ++entry) {
      if (ratings.users[entry] != user) continue;
      const bool held_out = ratings_of_user > 1 && static_cast<int64_t>(entry) == latest;
      EXPECT_EQ(split.folds[0][entry], held_out ? Role::kTest : Role::kTrain);
    }
  }
}

Ratings three_ratings() {
  Ratings ratings;
  ratings.user_count = 2;
  ratings.item_count = 3;
  ratings.users = {0, 1, 0};
  ratings.items = {2, 0, 1};
  ratings.levels = {1, 2, 3};
  return ratings;
}

TEST(Split, WithoutTimestampsTheOrderOfTheFileCountsOnlyWhereAskedFor) {
  const Ratings ratings = three_ratings();
  const std::vector<Role> expected = {Role::kTrain, Role::kTrain, Role::kTest};
  EXPECT_EQ(leave_last_out_split(ratings, true).folds[0], expected);
  const std::string message = test::error_of(ErrorKind::kConfig, [&] { leave_last_out_split(ratings, false); });
  EXPECT_NE(message.find("dataset.split.by_file_order"), std::string::npos);
  EXPECT_THROW(temporal_split(ratings, 0.5), Error);
}

TEST(Split, LeaveLastOutNeedsAUserWithTwoRatings) {
  Ratings ratings = three_ratings();
  ratings.users = {0, 1, 2};
  ratings.user_count = 3;
  EXPECT_THROW(leave_last_out_split(ratings, true), Error);
}

TEST(Split, TemporalTestsWhatIsNotOlderThanTheCut) {
  const Ratings ratings = random_ratings(131, 33, test::random_seed());
  const Split split = temporal_split(ratings, 0.2);
  int64_t newest_trained = -1, oldest_tested = 1000;
  for (std::size_t entry = 0; entry < ratings.users.size(); ++entry) {
    if (split.folds[0][entry] == Role::kTest) {
      oldest_tested = std::min(oldest_tested, ratings.timestamps[entry]);
    } else {
      newest_trained = std::max(newest_trained, ratings.timestamps[entry]);
    }
  }
  EXPECT_LT(newest_trained, oldest_tested);
  EXPECT_GE(count(split.folds[0], Role::kTest), ratings.size() / 5);
  EXPECT_LT(count(split.folds[0], Role::kTest), ratings.size() * 3 / 10);
}

TEST(Split, OneMomentForAllLeavesNothingToTrainOn) {
  Ratings ratings = random_ratings(31, 31, 1);
  std::fill(ratings.timestamps.begin(), ratings.timestamps.end(), 5);
  EXPECT_THROW(temporal_split(ratings, 0.2), Error);
}

TEST(Split, AFoldHoldsEachRatingOnTheSideOfItsRole) {
  const Ratings ratings = three_ratings();
  const Fold fold = select_fold(ratings, {Role::kTrain, Role::kUnused, Role::kTest});
  EXPECT_EQ(fold.train.size(), 1);
  EXPECT_EQ(fold.train.rows, 2);
  EXPECT_EQ(fold.train.columns, 3);
  EXPECT_EQ(fold.train.indices, std::vector<int32_t>{2});
  EXPECT_EQ(fold.train.levels, std::vector<uint8_t>{1});
  EXPECT_EQ(fold.test.users, std::vector<int32_t>{0});
  EXPECT_EQ(fold.test.items, std::vector<int32_t>{1});
  EXPECT_EQ(fold.test.levels, std::vector<uint8_t>{3});
  EXPECT_EQ(fold.test.user_count, 2);
  EXPECT_TRUE(fold.test.timestamps.empty());

  const Fold all = everything(ratings);
  EXPECT_EQ(all.train.size(), 3);
  EXPECT_EQ(all.test.size(), 0);
  EXPECT_EQ(all.test.item_count, 3);
}

}  // namespace
}  // namespace matinee::engine
