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

RatingBlocks sampled(const TrainingData& data, const NegativeSampling& sampling, int32_t groups, int threads = 2) {
  Context context({}, threads);
  return {context, data.by_user.view(), sampling, groups};
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

TEST(SampledBlocks, PairsStandNextToEachOtherAndLieInTheirBlockWhole) {
  const TrainingData data(test::random_ratings(61, 97, 0.3, test::random_seed()));
  const RatingBlocks blocks = sampled(data, {.negatives = 2, .pairs = true, .seed = 7}, 5);
  std::map<int32_t, std::set<int32_t>> groups_of_item;
  for (int32_t a = 0; a < 5; ++a) {
    for (int32_t b = 0; b < 5; ++b) {
      const auto block = blocks.block(a, b);
      ASSERT_EQ(block.size() % 2, 0U);
      for (std::size_t n = 0; n < block.size(); n += 2) {
        ASSERT_EQ(block[n].user, block[n + 1].user);
        ASSERT_TRUE(rated(data, block[n].user, block[n].item));
        ASSERT_FALSE(rated(data, block[n].user, block[n + 1].item));
        for (const std::size_t part : {n, n + 1}) groups_of_item[block[part].item].insert(b);
      }
    }
  }
  for (const auto& [item, groups] : groups_of_item) EXPECT_EQ(groups.size(), 1U) << "item " << item;
  EXPECT_NEAR(static_cast<double>(blocks.size()), 4.0 * static_cast<double>(data.ratings.size()),
              0.02 * static_cast<double>(data.ratings.size()))
      << "but for users who have rated a whole group";
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

TEST(SampledBlocks, EachUnratedItemIsDrawnAboutAsOften) {
  engine::Ratings ratings = test::random_ratings(1, 60, 1.0, 1);
  ratings.users.resize(40);
  ratings.items.resize(40);
  ratings.levels.resize(40);
  const TrainingData data(ratings);
  std::map<int32_t, int> drawn;
  for (int64_t epoch = 0; epoch < 100; ++epoch) {
    const NegativeSampling sampling{.negatives = 5, .seed = test::random_seed(), .epoch = epoch};
    for (const auto& [user, item, value] : in_order(sampled(data, sampling, 4))) {
      if (value == 0.0f) ++drawn[item];
    }
  }
  EXPECT_EQ(drawn.size(), 20U);
  for (const auto& [item, count] : drawn) EXPECT_NEAR(count, 1000, 200) << "item " << item;  // 6 deviations
}

}  // namespace
}  // namespace matinee::factorization
