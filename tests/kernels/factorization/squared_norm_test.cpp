#include "kernels/factorization/squared_norm.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

TEST(SquaredNorm, AgreesWithAPlainSumForAnyNumberOfThreads) {
  for (const int32_t rows : {0, 1, 31, 131}) {
    for (const int64_t columns : {1, 7, 33}) {
      test::FactorizationProblem problem(rows, 1, columns, 0.1, test::random_seed());
      const MatrixView<const float> matrix = {problem.user_factors.data(), rows, columns, problem.stride};
      double expected = 0;
      for (int64_t row = 0; row < rows; ++row) {
        for (int64_t column = 0; column < columns; ++column) {
          expected += std::pow(static_cast<double>(matrix(row, column)), 2);
        }
      }
      Context one({}, 1), three({}, 3);
      const double norm = squared_norm(one, matrix);
      EXPECT_NEAR(norm, expected, 1e-12 * (1 + expected));
      EXPECT_EQ(squared_norm(three, matrix), norm);
    }
  }
}

TEST(SquaredNorm, OfAMatrixWithNanIsNan) {
  test::FactorizationProblem problem(33, 1, 9, 0.1, 1);
  problem.user_factors[17 * problem.stride + 8] = std::numeric_limits<float>::quiet_NaN();
  Context context({}, 2);
  EXPECT_TRUE(std::isnan(squared_norm(context, problem.view().user_factors)));
}

}  // namespace
}  // namespace matinee::factorization
