#include "kernels/dense/elementary.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

constexpr double kUlp = 0x1p-23;

// Largest relative error of `approximation` on 200,000 arguments of falling sizes in ±`most`.
template <typename Approximation, typename Exact>
double worst_error(double most, Approximation approximation, Exact exact) {
  const Philox draws(test::random_seed(), 1);
  double worst = 0;
  for (uint64_t n = 0; n < 200'000; ++n) {
    const double size = most * std::pow(10.0, -8 * draws.uniform(2 * n));
    const auto x = static_cast<float>(draws.uniform(2 * n + 1) < 0.5 ? -size : size);
    const double expected = exact(static_cast<double>(x));
    const double error = std::abs(static_cast<double>(approximation(x)) - expected) / std::abs(expected);
    worst = error > worst || std::isnan(error) ? error : worst;
  }
  return worst;
}

TEST(Exponential, IsWithinTwoUnitsInTheLastPlace) {
  EXPECT_LE(worst_error(
                87, [](float x) { return exponential(x); }, [](double x) { return std::exp(x); }),
            2 * kUlp);
}

TEST(Sigmoid, IsWithinThreeUnitsInTheLastPlace) {
  EXPECT_LE(worst_error(
                80, [](float x) { return sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }),
            3 * kUlp);
}

TEST(HyperbolicTangent, IsWithinThreeUnitsInTheLastPlaceNearZeroToo) {
  EXPECT_LE(worst_error(
                20, [](float x) { return hyperbolic_tangent(x); }, [](double x) { return std::tanh(x); }),
            3 * kUlp);
  EXPECT_EQ(hyperbolic_tangent(0.0f), 0.0f);
}

TEST(Elementary, SaturateAndKeepNaN) {
  constexpr float kInfinite = std::numeric_limits<float>::infinity(), kNaN = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(hyperbolic_tangent(kInfinite), 1.0f);
  EXPECT_EQ(hyperbolic_tangent(-1000.0f), -1.0f);
  EXPECT_EQ(sigmoid(kInfinite), 1.0f);
  EXPECT_LT(sigmoid(-kInfinite), 1e-37f);
  EXPECT_TRUE(std::isnan(hyperbolic_tangent(kNaN)));
  EXPECT_TRUE(std::isnan(sigmoid(kNaN)));
  EXPECT_TRUE(std::isnan(exponential(kNaN)));
}

TEST(LogOfOnePlus, IsWithinThreeUnitsInTheLastPlace) {
  for (float e = 1.0f; e > 1e-30f; e *= 0.97f) {
    const double expected = std::log1p(static_cast<double>(e));
    EXPECT_NEAR(static_cast<double>(log_of_one_plus(e)), expected, 3 * kUlp * expected) << e;
  }
}

}  // namespace
}  // namespace matinee::dense
