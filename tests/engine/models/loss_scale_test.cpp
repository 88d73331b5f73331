#include "engine/models/loss_scale.h"

#include <gtest/gtest.h>

namespace matinee::engine {
namespace {

TEST(LossScale, HalvesAfterAnOverflowAndDoublesAfterManySteps) {
  LossScale scale;
  EXPECT_EQ(scale.value(), 65536.0f);
  scale.step(true);
  EXPECT_EQ(scale.value(), 32768.0f);
  for (int64_t step = 1; step < LossScale::kStepsBetweenRises; ++step) scale.step(false);
  EXPECT_EQ(scale.value(), 32768.0f);
  scale.step(false);
  EXPECT_EQ(scale.value(), 65536.0f);
}

TEST(LossScale, AnOverflowBeginsTheCountAgain) {
  LossScale scale;
  for (int64_t step = 1; step < LossScale::kStepsBetweenRises; ++step) scale.step(false);
  scale.step(true);
  scale.step(false);
  EXPECT_EQ(scale.value(), 32768.0f);
}

TEST(LossScale, StaysBetweenOneAndItsMost) {
  LossScale low, high(LossScale::kMostExponent, LossScale::kStepsBetweenRises - 1);
  for (int n = 0; n < 40; ++n) low.step(true);
  EXPECT_EQ(low.value(), 1.0f);
  high.step(false);
  EXPECT_EQ(high.value(), 16777216.0f);
}

TEST(LossScale, GoesOnFromACheckpoint) {
  LossScale scale;
  for (int n = 0; n < 700; ++n) scale.step(n == 10);
  LossScale resumed(scale.exponent(), scale.steps());
  for (int n = 0; n < 700; ++n) {
    scale.step(false);
    resumed.step(false);
    ASSERT_EQ(resumed.value(), scale.value()) << n;
  }
}

}  // namespace
}  // namespace matinee::engine
