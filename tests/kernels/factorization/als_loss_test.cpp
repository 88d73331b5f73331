#include "kernels/factorization/als_loss.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/factorization/gram_matrix.h"
#include "kernels/support/error.h"
#include "tests/support/least_squares_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::LeastSquaresProblem;

double loss_of(const LeastSquaresProblem& problem, int threads) {
  Context context({}, threads);
  return als_loss(context, problem.data.by_user.view(), problem.data.by_item.view(), problem.view(), problem.objective);
}

TEST(GramMatrix, AgreesWithTheTextbookOnOddShapes) {
  for (const int32_t items : {1, 31, 131}) {
    for (const int64_t factors : {1, 31, 33, 131}) {
      const LeastSquaresProblem problem(1, items, factors, 0.2, test::random_seed());
      Context one({}, 1), three({}, 3);
      const Buffer<double> gram = gram_matrix(one, problem.items()), other = gram_matrix(three, problem.items());
      ASSERT_EQ(gram.size(), problem.item_gram.size());
      for (int64_t n = 0; n < gram.size(); ++n) ASSERT_NEAR(gram[n], problem.item_gram[n], 1e-12);
      EXPECT_TRUE(std::ranges::equal(gram.span(), other.span()));
    }
  }
}

TEST(GramMatrix, RefusesRowsThatAreNotPadded) {
  const Buffer<float> rows(64);
  Context context({}, 1);
  EXPECT_NO_THROW(gram_matrix(context, {rows.data(), 2, 32, 32}));
  EXPECT_THROW(gram_matrix(context, {rows.data(), 2, 15, 15}), Error);
  EXPECT_THROW(gram_matrix(context, {rows.data(), 2, 16, 32}), Error);
}

TEST(AlsLoss, AgreesWithTheTextbookOverAllPairs) {
  for (const int32_t users : {1, 33}) {
    for (const int32_t items : {1, 31, 131}) {
      for (const int64_t factors : {1, 33}) {
        const LeastSquaresProblem problem(users, items, factors, 0.4, test::random_seed());
        EXPECT_NEAR(loss_of(problem, 2), problem.loss(), 1e-10 * problem.loss());
      }
    }
  }
}

TEST(AlsLoss, IsTheSameNumberForAnyThreads) {
  const LeastSquaresProblem problem(331, 97, 33, 0.3, test::random_seed());
  EXPECT_EQ(loss_of(problem, 1), loss_of(problem, 3));
}

TEST(AlsLoss, RefusesWhatDoesNotFit) {
  const LeastSquaresProblem problem(5, 7, 3, 0.5, test::random_seed());
  Context context({}, 1);
  const auto by_user = problem.data.by_user.view(), by_item = problem.data.by_item.view();
  AlsFactors swapped = problem.view();
  std::swap(swapped.users, swapped.items);
  EXPECT_THROW(als_loss(context, by_user, by_item, swapped, problem.objective), Error);
  AlsFactors narrow = problem.view();
  narrow.items.columns = narrow.items.stride = 8;
  EXPECT_THROW(als_loss(context, by_user, by_item, narrow, problem.objective), Error);
}

}  // namespace
}  // namespace matinee::factorization
