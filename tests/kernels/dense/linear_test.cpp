#include "kernels/dense/linear.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;

struct Problem {
  Matrix x, w, b, dy;

  Problem(int64_t rows, int64_t inputs, int64_t outputs, uint64_t seed)
      : x(random_matrix(seed, 1, rows, inputs)),
        w(random_matrix(seed, 2, outputs, inputs)),
        b(random_matrix(seed, 3, 1, outputs)),
        dy(random_matrix(seed, 4, rows, outputs)) {}
  Matrix y() const { return (x * w.transpose()).rowwise() + Eigen::RowVectorXd(b.row(0)); }
};

TEST(LinearReference, HasTheGradientOfCentralDifferences) {
  Problem problem(3, 4, 5, test::random_seed());
  const auto value = [&] { return problem.y().cwiseProduct(problem.dy).sum(); };
  EXPECT_LE(relative_difference(problem.dy.transpose() * problem.x, test::by_differences(problem.w, value)), 1e-6);
  EXPECT_LE(relative_difference(problem.dy * problem.w, test::by_differences(problem.x, value)), 1e-6);
  EXPECT_LE(relative_difference(problem.dy.colwise().sum(), test::by_differences(problem.b, value)), 1e-6);
}

TEST(Linear, AgreesWithTheReferenceInDoubleForThreeSteps) {
  Context context({}, 2);
  for (const auto& [rows, inputs, outputs] : {std::array{1, 1, 1}, {31, 33, 131}, {131, 31, 1}, {257, 64, 33}}) {
    const Problem problem(rows, inputs, outputs, test::random_seed());
    DeviceRows x(context, problem.x), w(context, problem.w), b(context, problem.b), dy(context, problem.dy);
    DeviceRows y(context, 0 * problem.dy), dx(context, 0 * problem.x), dw(context, 0 * problem.w);
    DeviceRows db(context, 0 * problem.b);
    const LinearView<const float> layer = {w.view(), b.view().data};
    for (int step = 0; step < 3; ++step) {
      linear(context, layer, x.view(), y.view());
      linear_gradient(context, layer, x.view(), dy.view(), {dw.view(), db.view().data}, dx.view(), step == 1);
    }
    EXPECT_LE(relative_difference(y.numbers(), problem.y()), 3e-5);
    EXPECT_LE(relative_difference(dx.numbers(), problem.dy * problem.w), 3e-5);
    EXPECT_LE(relative_difference(dw.numbers(), 3 * problem.dy.transpose() * problem.x), 3e-5);
    EXPECT_LE(relative_difference(db.numbers(), 3 * problem.dy.colwise().sum()), 3e-5);
  }
}

TEST(Linear, NeedsNoBiasAndNoGradientOfItsInputs) {
  Context context({}, 1);
  const Problem problem(5, 3, 4, test::random_seed());
  DeviceRows x(context, problem.x), w(context, problem.w), dy(context, problem.dy), y(context, 0 * problem.dy);
  DeviceRows dw(context, 0 * problem.w);
  linear(context, {w.view(), nullptr}, x.view(), y.view());
  linear_gradient(context, {w.view(), nullptr}, x.view(), dy.view(), {dw.view(), nullptr}, {});
  EXPECT_LE(relative_difference(y.numbers(), problem.x * problem.w.transpose()), 3e-5);
  EXPECT_LE(relative_difference(dw.numbers(), problem.dy.transpose() * problem.x), 3e-5);
}

}  // namespace
}  // namespace matinee::dense
