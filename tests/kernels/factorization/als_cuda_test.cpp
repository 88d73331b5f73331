// Alternating least squares on CUDA against the textbook: it adds in other orders than the CPU.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/factorization/als_loss.h"
#include "kernels/factorization/als_sweep.h"
#include "kernels/factorization/gram_matrix.h"
#include "kernels/factorization/triangle_panels.h"
#include "kernels/support/keep_operands.h"
#include "tests/support/cuda_device.h"
#include "tests/support/launch_counters.h"
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

// Epochs as training does them; the factors of both sides.
std::pair<std::vector<float>, double> epochs_of(int epochs, bool keep, LeastSquaresProblem& problem) {
  Context context(test::cuda_device(), 2);
  std::optional<KeepOperands> kept;
  if (keep) kept.emplace(context);
  const int32_t users = problem.data.ratings.user_count, items = problem.data.ratings.item_count;
  const SparseView by_user = problem.data.by_user.view(), by_item = problem.data.by_item.view();
  const auto ignore = [](int64_t) {};
  double loss = 0;
  Buffer<double> item_gram = gram_matrix(context, problem.items());
  for (int epoch = 0; epoch < epochs; ++epoch) {
    als_sweep(context, {by_user, problem.items(), item_gram.data(), problem.factors, problem.objective}, 0,
              {problem.user_factors.data(), users, problem.stride, problem.stride}, ignore);
    const Buffer<double> user_gram = gram_matrix(context, problem.users());
    als_sweep(context, {by_item, problem.users(), user_gram.data(), problem.factors, problem.objective}, 0,
              {problem.item_factors.data(), items, problem.stride, problem.stride}, ignore);
    item_gram = gram_matrix(context, problem.items());
    loss = als_loss(context, by_user, by_item, {problem.users(), problem.items(), user_gram.data(), item_gram.data()},
                    problem.objective);
  }
  std::vector<float> factors(problem.user_factors.span().begin(), problem.user_factors.span().end());
  factors.insert(factors.end(), problem.item_factors.span().begin(), problem.item_factors.span().end());
  return {factors, loss};
}

TEST(AlsCuda, KeptOperandsGiveTheSameBytes) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  LeastSquaresProblem one(37, 71, 33, 0.5, seed), other(37, 71, 33, 0.5, seed);
  EXPECT_EQ(epochs_of(3, true, one), epochs_of(3, false, other));
}

TEST(AlsCuda, RatingsAndFactorsGoToTheDeviceOnce) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  const auto copied = [](int epochs) {
    LeastSquaresProblem problem(37, 71, 33, 0.5, 7);
    return test::bytes_to_device_of([&] { epochs_of(epochs, true, problem); });
  };
  LeastSquaresProblem problem(37, 71, 33, 0.5, 7);
  const int64_t rows = 37 + 71, ratings = problem.data.by_user.view().size();
  const int64_t of_an_epoch = 4 * (2 * triangle_elements(problem.stride) + rows);  // HᵀH and penalties
  EXPECT_EQ(copied(1), of_an_epoch + 4 * rows * problem.stride + 2 * 4 * ratings + 8 * (rows + 2));
  EXPECT_EQ(copied(4) - copied(1), 3 * of_an_epoch);
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
