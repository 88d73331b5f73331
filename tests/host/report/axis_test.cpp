#include "host/report/axis.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"

namespace matinee::host {
namespace {

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> result;
  for (const double tick : axis.ticks) result.push_back(axis.label(tick));
  return result;
}

using Labels = std::vector<std::string>;

TEST(ValueAxis, PutsTicksAtRoundNumbers) {
  EXPECT_EQ(labels(value_axis(0.61, 1.08, 5)), (Labels{"0.6", "0.7", "0.8", "0.9", "1.0", "1.1"}));
  EXPECT_EQ(labels(value_axis(0, 26818, 4)), (Labels{"0", "10000", "20000", "30000"}));
  EXPECT_EQ(labels(value_axis(-3, 7, 5)), (Labels{"-4", "-2", "0", "2", "4", "6", "8"}));
}

TEST(ValueAxis, GivesOneValueRoomOnBothSides) {
  for (const double value : {0.0, 0.85, -3.0, 1e12, 1e-12}) {
    const Axis axis = value_axis(value, value, 5);
    EXPECT_LT(axis.minimum, value);
    EXPECT_GT(axis.maximum, value);
    EXPECT_GE(axis.ticks.size(), 2U);
  }
}

TEST(ValueAxis, TreatsValuesAsEqualThatDifferInTheLastBitsOnly) {
  const Axis axis = value_axis(1e9, std::nextafter(1e9, 2e9), 5);
  EXPECT_LE(axis.ticks.size(), 12U);
  EXPECT_GT(axis.maximum - axis.minimum, 1e6);
}

TEST(ValueAxis, HoldsTheLargestRange) {
  const Axis axis = value_axis(-1.7e308, 1.7e308, 5);
  EXPECT_TRUE(std::isfinite(axis.share(1e300)));
  EXPECT_LE(axis.ticks.size(), 12U);
  EXPECT_NEAR(axis.share(0), 0.5, 1e-9);
}

TEST(ValueAxis, HoldsAnyRangeWithAFewTicksInside) {
  const Philox draws(test::random_seed(), 1);
  for (uint64_t n = 0; n < 2000; ++n) {
    const double scale = std::pow(10.0, static_cast<double>(draws.below(4 * n, 40)) - 20);
    const double one = scale * normal(draws, 4 * n + 1), other = scale * normal(draws, 4 * n + 2);
    const double lowest = std::min(one, other), highest = std::max(one, other);
    const Axis axis = value_axis(lowest, highest, 5);
    const double slack = 1e-8 * axis.step;
    ASSERT_LE(axis.minimum, lowest + slack) << lowest << " " << highest;
    ASSERT_GE(axis.maximum, highest - slack) << lowest << " " << highest;
    ASSERT_GE(axis.ticks.size(), 2U) << lowest << " " << highest;
    ASSERT_LE(axis.ticks.size(), 9U) << lowest << " " << highest;
    for (const double tick : axis.ticks) {
      ASSERT_GE(axis.share(tick), -1e-8);
      ASSERT_LE(axis.share(tick), 1 + 1e-8);
    }
  }
}

TEST(WholeAxis, HasTicksAtWholeNumbersOnly) {
  EXPECT_EQ(labels(whole_axis(1, 3, 6)), (Labels{"1", "2", "3"}));
  EXPECT_EQ(labels(whole_axis(1, 30, 6)), (Labels{"5", "10", "15", "20", "25", "30"}));
  EXPECT_EQ(labels(whole_axis(4, 4, 6)), (Labels{"3", "4", "5"}));
}

}  // namespace
}  // namespace matinee::host
