#include "kernels/factorization/rating_update.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

TEST(Dot, AgreesWithDoubleAndIgnoresPadding) {
  for (const int64_t factors : {1, 15, 16, 31, 33, 131}) {
    test::FactorizationProblem problem(1, 1, factors, 1.0, test::random_seed());
    double expected = 0;
    for (int64_t k = 0; k < factors; ++k) {
      expected += static_cast<double>(problem.user_factors[k]) * static_cast<double>(problem.item_factors[k]);
    }
    const float* p = problem.user_factors.data();
    const float* q = problem.item_factors.data();
    EXPECT_NEAR(dot(p, q, problem.stride), expected, 2e-6) << factors;
    Buffer<float> wide_p(problem.stride + kLanes), wide_q(problem.stride + kLanes);
    std::copy_n(p, problem.stride, wide_p.data());
    std::copy_n(q, problem.stride, wide_q.data());
    EXPECT_EQ(dot(wide_p.data(), wide_q.data(), problem.stride + kLanes), dot(p, q, problem.stride));
  }
}

TEST(Logistic, AgreesWithTheLibrary) {
  for (double x = -100; x <= 100; x += 0.0371) {
    const double expected = 1 / (1 + std::exp(-static_cast<double>(static_cast<float>(x))));
    EXPECT_NEAR(logistic(static_cast<float>(x)), expected, 3e-7 * expected + 1e-34) << x;
  }
  EXPECT_EQ(logistic(0.0f), 0.5f);
  EXPECT_EQ(logistic(std::numeric_limits<float>::infinity()), 1.0f);
  EXPECT_EQ(logistic(-std::numeric_limits<float>::infinity()), 0.0f);
  EXPECT_TRUE(std::isnan(logistic(std::numeric_limits<float>::quiet_NaN())));
}

// ½ (value - link(c + d + p q))², or the log loss, + ½ (λ_p p² + λ_q q² + λ_b c² + λ_c d²), of one factor, in double.
struct OneRating {
  double value;
  Link link;
  double penalties[4];

  double objective(const std::vector<double>& v) const {
    const double x = v[2] + v[3] + v[0] * v[1];
    double sum = 0;
    for (std::size_t n = 0; n < 4; ++n) sum += penalties[n] * v[n] * v[n];
    if (link == Link::kLogOdds)
      return sum / 2 + value * std::log1p(std::exp(-x)) + (1 - value) * std::log1p(std::exp(x));
    const double error = value - (link == Link::kIdentity ? x : 1 / (1 + std::exp(-x)));
    return (sum + error * error) / 2;
  }
};

template <Link link>
void expect_step_down_the_gradient() {
  const OneRating rating{0.8, link, {0.1, 0.2, 0.3, 0.4}};
  const std::vector<double> start = {0.7, -0.6, 0.25, -0.375};
  float p[kLanes] = {0.7f}, q[kLanes] = {-0.6f}, biases[2] = {0.25f, -0.375f};
  const RatingStep step = {0.5f, 0.1f, 0.2f, 0.3f, 0.4f};
  const float error = rating_error<link>(0.8f, biases[0] + biases[1] + dot(p, q, kLanes));
  const float gradient = rating_gradient<link>(0.8f, error);
  update_factors(p, q, kLanes, RowStep(gradient, step), RoundingDraws(0, 0));
  update_bias(biases[0], gradient, step.learning_rate, step.user_bias_penalty);
  update_bias(biases[1], gradient, step.learning_rate, step.item_bias_penalty);

  const double after[] = {p[0], q[0], biases[0], biases[1]};
  for (std::size_t n = 0; n < 4; ++n) {
    constexpr double kStep = 1e-5;
    std::vector<double> above = start, below = start;
    above[n] += kStep;
    below[n] -= kStep;
    const double slope = (rating.objective(above) - rating.objective(below)) / (2 * kStep);
    EXPECT_NEAR((after[n] - start[n]) / 0.5, -slope, 1e-6) << n;
  }
}

TEST(RatingUpdate, StepsDownTheGradientOfTheObjective) {
  expect_step_down_the_gradient<Link::kIdentity>();
}

TEST(RatingUpdate, StepsDownTheGradientBehindALogisticLink) {
  expect_step_down_the_gradient<Link::kLogistic>();
}

TEST(RatingUpdate, StepsDownTheGradientOfTheLogLoss) {
  expect_step_down_the_gradient<Link::kLogOdds>();
}

}  // namespace
}  // namespace matinee::factorization
