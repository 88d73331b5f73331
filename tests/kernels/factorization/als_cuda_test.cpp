// Alternating least squares on CUDA against the textbook: it adds in other orders than the CPU.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/factorization/als_loss.h"
#include "kernels/factorization/als_sweep.h"
#include "kernels/factorization/gram_matrix.h"
#include "tests/support/cuda_device.h"
#include "tests/support/least_squares_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::LeastSquaresProblem;

Buffer<float> solved(const LeastSquaresProblem& problem, int64_t first = 0) {
  const int32_t users = problem.data.ratings.user_count;
  Buffer<float> rows(users * problem.stride);
  std::fill(rows.span().begin() + first * problem.stride, rows.span().end(), NAN);
  Context context(test::cuda_device(), 2);
  int64_t last = first;
  als_sweep(context, problem.sweep(), first, {rows.data(), users, problem.stride, problem.stride},
            [&](int64_t done) { last = done; });
  EXPECT_EQ(last, users);
  return rows;
}

TEST(AlsSweepCuda, AgreesWithTheTextbookOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  for (const int32_t users : {1, 33}) {
    for (const int32_t items : {1, 31, 131}) {
      for (const int64_t factors : {1, 31, 33}) {
        const LeastSquaresProblem problem(users, items, factors, 0.3, test::random_seed());
        ASSERT_LT(test::largest_error(problem, solved(problem)), 1e-4) << users << " × " << items << " × " << factors;
      }
    }
  }
}

// Systems that need more shared memory than every kernel may have, and more than any block may have.
TEST(AlsSweepCuda, AgreesWithTheTextbookOnManyFactors) {
  MATINEE_NEEDS_CUDA();
  for (const int64_t factors : {131, 257, 400}) {
    const LeastSquaresProblem problem(5, 67, factors, 0.5, test::random_seed());
    EXPECT_LT(test::largest_error(problem, solved(problem)), 1e-4) << factors;
  }
}

TEST(AlsSweepCuda, HasTheSameBitsTwiceAndFromAnyRow) {
  MATINEE_NEEDS_CUDA();
  const LeastSquaresProblem problem(37, 71, 33, 0.5, test::random_seed());
  const Buffer<float> rows = solved(problem), again = solved(problem), later = solved(problem, 20);
  EXPECT_TRUE(std::ranges::equal(rows.span(), again.span()));
  const auto begin = static_cast<std::size_t>(20 * problem.stride);
  EXPECT_TRUE(std::ranges::equal(rows.span().subspan(begin), later.span().subspan(begin)));
}

TEST(GramMatrixCuda, AgreesWithTheTextbookOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  for (const int32_t items : {1, 31, 2111}) {  // the last one in several slices
    for (const int64_t factors : {1, 33}) {
      const LeastSquaresProblem problem(1, items, factors, 0.2, test::random_seed());
      Context context(test::cuda_device(), 2);
      const Buffer<double> gram = gram_matrix(context, problem.items());
      for (int64_t n = 0; n < gram.size(); ++n) ASSERT_NEAR(gram[n], problem.item_gram[n], 1e-11) << items;
    }
  }
}

TEST(AlsLossCuda, AgreesWithTheTextbookOverAllPairs) {
  MATINEE_NEEDS_CUDA();
  for (const int32_t users : {1, 31}) {
    for (const int64_t factors : {1, 33, 131}) {
      const LeastSquaresProblem problem(users, 33, factors, 0.4, test::random_seed());
      Context context(test::cuda_device(), 2);
      EXPECT_NEAR(als_loss(context, problem.data.by_user.view(), problem.data.by_item.view(), problem.view(),
                           problem.objective),
                  problem.loss(), 1e-10 * problem.loss());
    }
  }
}

}  // namespace
}  // namespace matinee::factorization
