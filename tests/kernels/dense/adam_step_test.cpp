#include "kernels/dense/adam_step.h"

#include <cmath>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

// The formulas of the paper, in double.
void naive_step(const AdamSettings& settings, int64_t step, Matrix gradient, Matrix& parameters, Matrix& mean,
                Matrix& square) {
  const double norm = gradient.norm(), beta1 = settings.beta1, beta2 = settings.beta2;
  if (settings.clip_norm > 0 && norm > settings.clip_norm) gradient *= settings.clip_norm / norm;
  mean = beta1 * mean + (1 - beta1) * gradient;
  square = beta2 * square + (1 - beta2) * gradient.cwiseProduct(gradient);
  const Matrix m = mean / (1 - std::pow(beta1, step)), v = square / (1 - std::pow(beta2, step));
  parameters -= settings.learning_rate * (m.array() / (v.array().sqrt() + settings.epsilon)).matrix();
}

TEST(AdamStep, AgreesWithThePaperInDoubleForThreeStepsClippedOrNot) {
  Context context({}, 2);
  for (const auto& [clip, loss_scale] :
       {std::pair(0.0f, 0.0f), {0.5f, 0.0f}, {1e6f, 0.0f}, {0.0f, 8.0f}, {0.5f, 8.0f}}) {
    const double scale = loss_scale > 0 ? static_cast<double>(loss_scale) : 1;
    for (const int64_t count : {1, 31, 131, 9001}) {
      const uint64_t seed = test::random_seed();
      const AdamSettings settings = {.learning_rate = 0.01f, .clip_norm = clip, .loss_scale = loss_scale};
      Matrix parameters = random_matrix(seed, 1, 1, count), mean = 0 * parameters, square = mean;
      DeviceRows p(context, parameters), m(context, mean), v(context, mean);
      Array<double> squares(context, 1);
      for (int step = 1; step <= 3; ++step) {
        const Matrix g = random_matrix(seed, 10 + static_cast<uint64_t>(step), 1, count);
        DeviceRows gradient(context, scale * g);
        squared_gradient(context, gradient.view().data, count, squares.data());
        adam_step(context, settings, step, squares.data(),
                  {p.view().data, gradient.view().data, m.view().data, v.view().data, count});
        naive_step(settings, step, g, parameters, mean, square);
        EXPECT_TRUE((gradient.numbers().array() == 0).all());
        EXPECT_LE(test::relative_difference(p.numbers(), parameters), 1e-5) << step;
      }
    }
  }
}

TEST(AdamStep, WithALossScaleAGradientThatIsNotFiniteIsDropped) {
  Context context({}, 1);
  for (const double wrong : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Matrix g = random_matrix(1, 1, 1, 33);
    g(0, 32) = wrong;
    const Matrix start = random_matrix(1, 2, 1, 33);
    DeviceRows parameters(context, start), gradient(context, g), mean(context, start), square(context, start);
    double squares = 0;
    squared_gradient(context, gradient.view().data, 33, &squares);
    adam_step(context, {.loss_scale = 4}, 1, &squares,
              {parameters.view().data, gradient.view().data, mean.view().data, square.view().data, 33});
    for (const DeviceRows* kept : {&parameters, &mean, &square})
      EXPECT_EQ(kept->numbers(), DeviceRows(context, start).numbers());
    EXPECT_TRUE((gradient.numbers().array() == 0).all());
  }
}

TEST(SquaredGradient, IsTheSumOfSquaresWithTheSameBytesForAnyNumberOfThreads) {
  Context one({}, 1), three({}, 3);
  for (const int64_t count : {0, 1, 33, 4096, 50'001}) {
    const Matrix g = random_matrix(test::random_seed(), 1, 1, count);
    DeviceRows gradient(one, g);
    double squares = -1, again = -1;
    squared_gradient(one, gradient.view().data, count, &squares);
    squared_gradient(three, gradient.view().data, count, &again);
    EXPECT_NEAR(squares, g.squaredNorm(), 1e-12 * g.squaredNorm());
    EXPECT_EQ(squares, again);
  }
}

TEST(AdamStep, LetsNaNThrough) {
  Context context({}, 1);
  float p = 1, g = std::nanf(""), m = 0, v = 0;
  double squares = 0;
  squared_gradient(context, &g, 1, &squares);
  EXPECT_TRUE(std::isnan(squares));
  adam_step(context, {.clip_norm = 1}, 1, &squares, {&p, &g, &m, &v, 1});
  EXPECT_TRUE(std::isnan(p));
}

TEST(AdamStep, CountsFromOne) {
  Context context({}, 1);
  float numbers[4] = {};
  EXPECT_THROW(adam_step(context, {}, 0, nullptr, {numbers, numbers + 1, numbers + 2, numbers + 3, 1}), Error);
}

}  // namespace
}  // namespace matinee::dense
