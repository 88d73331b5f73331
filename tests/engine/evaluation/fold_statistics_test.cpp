#include "engine/evaluation/fold_statistics.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

TEST(FoldStatistics, AreMeanAndSampleStandardDeviation) {
  const FoldStatistics two = fold_statistics(std::vector<double>{1, 3});
  EXPECT_EQ(two.mean, 2);
  EXPECT_EQ(two.deviation, std::sqrt(2.0));
  EXPECT_EQ(two.folds, 2);
  EXPECT_EQ(fold_statistics(std::vector<double>{0.25, 0.25, 0.25}).deviation, 0);
}

// By the sum over all pairs, which needs no mean.
TEST(FoldStatistics, DeviationIsThatOfAllPairs) {
  std::mt19937_64 random(test::random_seed());
  std::vector<double> values(31);
  for (double& value : values) value = std::uniform_real_distribution<double>(-1, 1)(random);
  double squares = 0;
  for (const double left : values) {
    for (const double right : values) squares += (left - right) * (left - right);
  }
  EXPECT_NEAR(fold_statistics(values).deviation, std::sqrt(squares / (2 * 31 * 30)), 1e-12);
}

}  // namespace
}  // namespace matinee::engine
