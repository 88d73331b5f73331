#include "engine/models/early_stopping.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/models/factor_state.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::engine {
namespace {

TEST(ValidationSplit, PutsEachRatingOnOneSide) {
  const test::TrainingData data(test::random_ratings(61, 97, 0.5, test::random_seed()));
  const ValidationSplit split = hold_out_for_validation(data.by_user.view(), 0.25, 7);
  const SparseView train = split.train.view(), validation = split.validation.view(), all = data.by_user.view();
  for (int32_t user = 0; user < 61; ++user) {
    std::vector<int32_t> items(train.row_indices(user).begin(), train.row_indices(user).end());
    items.insert(items.end(), validation.row_indices(user).begin(), validation.row_indices(user).end());
    std::sort(items.begin(), items.end());
    EXPECT_TRUE(std::ranges::equal(items, all.row_indices(user))) << "user " << user;
  }
  const auto ratings = static_cast<double>(all.size());
  EXPECT_NEAR(static_cast<double>(validation.size()) / ratings, 0.25, 0.06) << "5 deviations";
  EXPECT_EQ(split.train_by_item.rows, 97);
  EXPECT_EQ(split.train_by_item.size(), train.size());
  EXPECT_EQ(hold_out_for_validation(all, 0.25, 7).validation.indices, split.validation.indices);
}

FactorState state_of(float number) {
  FactorState state = FactorState::zeros(2, 3, 5);
  std::fill_n(state.user_factors.data(), state.user_factors.size(), number);
  state.item_biases[2] = number;
  return state;
}

TEST(BestModel, EndsTrainingWhenPatienceIsSpentAndPutsTheBestBack) {
  BestModel<FactorState> best;
  EXPECT_FALSE(best.offer(state_of(1), 1, 0.9, 2));
  EXPECT_FALSE(best.offer(state_of(2), 2, 0.8, 2));
  EXPECT_FALSE(best.offer(state_of(3), 3, 0.85, 2));
  EXPECT_TRUE(best.offer(state_of(4), 4, 0.8, 2)) << "as good is not better";
  EXPECT_EQ(best.epoch(), 2);
  EXPECT_EQ(best.error(), 0.8);
  FactorState last = state_of(4);
  best.put_back(last);
  EXPECT_EQ(last.user_factors[0], 2);
  EXPECT_EQ(last.item_biases[2], 2);
}

TEST(BestModel, ChangesNothingWhereNoneWasOffered) {
  FactorState last = state_of(4);
  BestModel<FactorState>().put_back(last);
  EXPECT_EQ(last.user_factors[0], 4);
}

}  // namespace
}  // namespace matinee::engine
