#include "kernels/skip_gram/sigmoid.h"

#include <cmath>

#include <gtest/gtest.h>

#include "kernels/skip_gram/step_integers.h"

namespace matinee::skip_gram {
namespace {

TEST(Sigmoid, AndItsLossAreCloseToThoseInDouble) {
  for (double x = -100; x <= 100; x += 0.00370001) {
    const auto at = static_cast<float>(x);
    const double exact = 1 / (1 + std::exp(-static_cast<double>(at)));
    const double loss = at > 0 ? static_cast<double>(at) + std::log1p(std::exp(-static_cast<double>(at)))
                               : std::log1p(std::exp(static_cast<double>(at)));
    const Sigmoid found = sigmoid(at);
    EXPECT_NEAR(found.value, exact, 4e-7 * exact + 1e-34) << x;
    EXPECT_NEAR(found.loss, loss, 4e-7 * loss + 1e-34) << x;
  }
  EXPECT_TRUE(std::isnan(sigmoid(NAN).loss));
  EXPECT_FLOAT_EQ(sigmoid(0).value, 0.5f);
}

TEST(ToSteps, RoundsAndSaturates) {
  EXPECT_EQ(to_steps(0), 0);
  EXPECT_EQ(to_steps(1), 1 << 24);
  EXPECT_EQ(to_steps(-0.75f), -(3 << 22));
  EXPECT_EQ(to_steps(0.6f / kStepsPerOne), 1);
  EXPECT_EQ(to_steps(-0.6f / kStepsPerOne), -1);
  EXPECT_EQ(to_steps(0.4f / kStepsPerOne), 0);
  EXPECT_EQ(to_steps(INFINITY), 1 << 30);
  EXPECT_EQ(to_steps(-INFINITY), -(1 << 30));
  EXPECT_EQ(to_steps(NAN), 1 << 30);
  EXPECT_FLOAT_EQ(stepped(2, to_steps(0.25f)), 2.25f);
}

TEST(LossSum, OfALossBeyondItsBoundIsNoNumber) {
  LossSum sum;
  sum.add(1.5f);
  sum.add(100);
  EXPECT_DOUBLE_EQ(sum.value(), 101.5);
  sum.add(NAN);
  EXPECT_TRUE(std::isnan(sum.value()));
  LossSum other;
  other.add(1000);
  EXPECT_TRUE(std::isnan(other.value()));
}

}  // namespace
}  // namespace matinee::skip_gram
