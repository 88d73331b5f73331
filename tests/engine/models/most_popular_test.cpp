#include "engine/models/most_popular.h"

#include <gtest/gtest.h>

#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

TEST(MostPopular, ScoresEveryUserWithTheNumberOfTrainingRatings) {
  const test::TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  std::vector<float> counts(33);
  for (const int32_t item : data.ratings.items) ++counts[static_cast<std::size_t>(item)];
  MostPopular model;
  test::train(model, data.input(1));
  const std::vector<float> scores = test::all_scores(model, data);
  ASSERT_EQ(scores.size(), 31u * 33u);
  for (std::size_t n = 0; n < scores.size(); ++n) EXPECT_EQ(scores[n], counts[n % 33]);
}

TEST(MostPopular, KnowsOfNoSimilarItems) {
  const test::TrainingData data(test::random_ratings(5, 7, 0.5, test::random_seed()));
  MostPopular model;
  test::train(model, data.input(1));
  EXPECT_TRUE(model.similar_items(3, 10).empty());
}

}  // namespace
}  // namespace matinee::engine
