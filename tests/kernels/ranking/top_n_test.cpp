#include "kernels/ranking/top_n.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::ranking {
namespace {

std::vector<RankedItem> top(const std::vector<float>& scores, const SparseView& seen, const std::vector<int32_t>& users,
                            int64_t length, int threads = 2) {
  Context context({}, threads);
  const auto rows = static_cast<int64_t>(users.size());
  std::vector<RankedItem> best(static_cast<std::size_t>(rows * length), RankedItem{-7, -7});
  top_n(context, {scores.data(), rows, seen.columns, seen.columns}, seen, users, {best.data(), rows, length, length});
  return best;
}

// Sorts everything that is unseen.
std::vector<RankedItem> naive_top(const float* scores, const SparseView& seen, int32_t user, int64_t length) {
  std::vector<RankedItem> all;
  const auto row = seen.row_indices(user);
  for (int32_t item = 0; item < seen.columns; ++item) {
    if (std::find(row.begin(), row.end(), item) == row.end()) all.push_back({item, scores[item]});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const RankedItem& left, const RankedItem& right) { return left.score > right.score; });
  all.resize(static_cast<std::size_t>(length));
  return all;
}

// Scores on a coarse grid, so that ties are many; some infinite.
std::vector<float> tied_scores(int64_t count, uint64_t seed, uint64_t values) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic, 9));
  std::vector<float> scores;
  for (int64_t n = 0; n < count; ++n) {
    const auto draw = static_cast<float>(draws.below(static_cast<uint64_t>(n), values));
    scores.push_back(draw == 3 ? -std::numeric_limits<float>::infinity() : draw - 4);
  }
  return scores;
}

TEST(TopN, IsTheHeadOfTheStablySortedUnseenItems) {
  for (const int32_t items : {0, 1, 31, 33, 131, 1000}) {
    for (const uint64_t values : {1, 7, 1'000'000}) {
      const auto seen = engine::by_user(test::random_ratings(13, items, 0.3, test::random_seed()));
      const std::vector<int32_t> users = {12, 0, 3, 3, 7};
      const auto scores = tied_scores(5 * items, test::random_seed(), values);
      for (const int64_t length : {0, 1, 10, 100}) {
        const auto best = top(scores, seen.view(), users, length);
        for (std::size_t row = 0; row < users.size(); ++row) {
          const auto expected =
              naive_top(scores.data() + row * static_cast<std::size_t>(items), seen.view(), users[row], length);
          for (std::size_t rank = 0; rank < expected.size(); ++rank) {
            const RankedItem& found = best[row * static_cast<std::size_t>(length) + rank];
            ASSERT_EQ(found.item, expected[rank].item) << items << ' ' << values << ' ' << length;
            ASSERT_EQ(found.score, expected[rank].score);
          }
        }
      }
    }
  }
}

TEST(TopN, IsTheSameForAnyNumberOfThreads) {
  const auto seen = engine::by_user(test::random_ratings(131, 333, 0.2, test::random_seed()));
  std::vector<int32_t> users(131);
  for (int32_t user = 0; user < 131; ++user) users[static_cast<std::size_t>(user)] = user;
  const auto scores = tied_scores(131 * 333, test::random_seed(), 50);
  const auto one = top(scores, seen.view(), users, 10, 1), three = top(scores, seen.view(), users, 10, 3);
  for (std::size_t n = 0; n < one.size(); ++n) ASSERT_EQ(one[n].item, three[n].item);
}

TEST(TopN, LeavesPlacesEmptyWhereTooFewItemsAreUnseen) {
  engine::Ratings ratings = test::random_ratings(1, 4, 0.0, 1);
  ratings.users = {0, 0, 0};
  ratings.items = {0, 1, 3};
  ratings.levels = {1, 1, 1};
  const auto seen = engine::by_user(ratings);
  const auto best = top({9, 8, 1, 7}, seen.view(), {0}, 3);
  EXPECT_EQ(best[0].item, 2);
  EXPECT_EQ(best[1].item, -1);
  EXPECT_EQ(best[2].item, -1);
}

TEST(TopN, RefusesNaNAndNamesUserAndItem) {
  const auto seen = engine::by_user(test::random_ratings(9, 131, 0.0, 1));
  for (const int64_t place : {0, 77, 130}) {
    std::vector<float> scores(3 * 131);
    for (std::size_t n = 0; n < scores.size(); ++n) scores[n] = -static_cast<float>(n);
    scores[static_cast<std::size_t>(131 + place)] = std::numeric_limits<float>::quiet_NaN();
    scores[2 * 131] = std::numeric_limits<float>::quiet_NaN();
    try {
      top(scores, seen.view(), {8, 5, 2}, 3, 3);
      FAIL() << "NaN at " << place << " was ranked";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
      EXPECT_NE(std::string(error.what()).find("user 5 for item " + std::to_string(place) + " "), std::string::npos)
          << error.what();
    }
  }
}

TEST(TopN, RefusesShapesThatDisagree) {
  const auto seen = engine::by_user(test::random_ratings(3, 5, 0.0, 1));
  EXPECT_THROW(top(std::vector<float>(5), seen.view(), {3}, 2), Error);
  EXPECT_THROW(top(std::vector<float>(5), seen.view(), {-1}, 2), Error);
}

}  // namespace
}  // namespace matinee::ranking
