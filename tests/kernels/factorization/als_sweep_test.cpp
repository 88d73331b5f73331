#include "kernels/factorization/als_sweep.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/least_squares_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::LeastSquaresProblem;

void ignore(int64_t) {}

Buffer<float> solved(const LeastSquaresProblem& problem, int threads) {
  const int32_t users = problem.data.ratings.user_count;
  Buffer<float> rows(users * problem.stride);
  std::fill(rows.span().begin(), rows.span().end(), NAN);
  Context context({}, threads);
  als_sweep(context, problem.sweep(), 0, {rows.data(), users, problem.stride, problem.stride}, ignore);
  return rows;
}

TEST(AlsSweep, AgreesWithTheTextbookOnOddShapes) {
  for (const int32_t users : {1, 31, 33}) {
    for (const int32_t items : {1, 33, 131}) {
      for (const int64_t factors : {1, 31, 33, 131}) {
        const LeastSquaresProblem problem(users, items, factors, 0.2, test::random_seed());
        ASSERT_LT(test::largest_error(problem, solved(problem, 2)), 1e-4)
            << users << " × " << items << " × " << factors;
      }
    }
  }
}

TEST(AlsSweep, GathersLongRowsPieceByPiece) {
  const LeastSquaresProblem problem(9, 641, 33, 0.9, test::random_seed());
  EXPECT_LT(test::largest_error(problem, solved(problem, 2)), 1e-4);
}

TEST(AlsSweep, RowsWithoutRatingsAreZero) {
  const LeastSquaresProblem problem(31, 33, 5, 0.5, test::random_seed());
  const Buffer<float> rows = solved(problem, 1);
  int empty = 0;
  for (int32_t user = 0; user < 31; ++user) {
    const float* row = rows.data() + user * problem.stride;
    const bool zero = std::all_of(row, row + problem.stride, [](float value) { return value == 0; });
    EXPECT_EQ(zero, problem.data.by_user.view().row_size(user) == 0) << user;
    empty += zero ? 1 : 0;
  }
  EXPECT_GE(empty, 4);
}

TEST(AlsSweep, HasTheSameBitsForAnyThreadsAndFromAnyRow) {
  const LeastSquaresProblem problem(131, 97, 33, 0.3, test::random_seed());
  Buffer<float> rows = solved(problem, 1);
  const Buffer<float> others = solved(problem, 3);
  EXPECT_TRUE(std::ranges::equal(rows.span(), others.span()));
  std::fill(rows.span().begin() + 70 * problem.stride, rows.span().end(), NAN);
  Context context({}, 2);
  int64_t last = 70;
  als_sweep(context, problem.sweep(), 70, {rows.data(), 131, problem.stride, problem.stride}, [&](int64_t done) {
    EXPECT_GT(done, last);
    last = done;
  });
  EXPECT_EQ(last, 131);
  EXPECT_TRUE(std::ranges::equal(rows.span(), others.span()));
}

TEST(AlsSweep, ASingularSystemGivesNaN) {
  LeastSquaresProblem problem(2, 5, 3, 1.0, test::random_seed());
  std::fill(problem.item_factors.span().begin(), problem.item_factors.span().end(), 0.0f);
  std::fill(problem.item_gram.span().begin(), problem.item_gram.span().end(), 0.0);
  problem.objective.regularization = 0;
  EXPECT_TRUE(std::isnan(solved(problem, 1)[0]));
}

TEST(AlsSweep, TheShareOfRowsEndsWithTheFlopsOrTheRows) {
  const LeastSquaresProblem problem(33, 31, 5, 0.5, test::random_seed());
  const AlsSweep sweep = problem.sweep();
  EXPECT_EQ(end_of_share(sweep, 0, 0), 1);
  EXPECT_EQ(end_of_share(sweep, 32, 0), 33);
  EXPECT_EQ(end_of_share(sweep, 7, 1e12), 33);
  const int64_t middle = end_of_share(sweep, 0, 10 * 256 * (15 + 16.0 / 3));
  EXPECT_GT(middle, 3);
  EXPECT_LT(middle, 33);
}

TEST(AlsSweep, RefusesWhatDoesNotFit) {
  const LeastSquaresProblem problem(5, 7, 3, 0.5, test::random_seed());
  Buffer<float> rows(6 * problem.stride);
  Context context({}, 1);
  const auto run = [&](const AlsSweep& sweep, int64_t first, int64_t users, int64_t stride) {
    als_sweep(context, sweep, first, {rows.data(), users, stride, stride}, ignore);
  };
  EXPECT_NO_THROW(run(problem.sweep(), 0, 5, 16));
  EXPECT_NO_THROW(run(problem.sweep(), 5, 5, 16));
  EXPECT_THROW(run(problem.sweep(), 0, 4, 16), Error);
  EXPECT_THROW(run(problem.sweep(), 0, 5, 8), Error);
  EXPECT_THROW(run(problem.sweep(), 6, 5, 16), Error);
  EXPECT_THROW(run(problem.sweep(), -1, 5, 16), Error);
  AlsSweep wide = problem.sweep();
  wide.factors = 17;
  EXPECT_THROW(run(wide, 0, 5, 16), Error);
  wide.factors = 0;
  EXPECT_THROW(run(wide, 0, 5, 16), Error);
}

}  // namespace
}  // namespace matinee::factorization
