// Updates that wait for nobody: what still holds of sgd_epoch and pair_epoch.
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/factorization/squared_error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::FactorizationProblem;

constexpr Storage kStorages[] = {Storage::kFp32, Storage::kFp16, Storage::kBf16};

struct Result {
  std::vector<float> numbers;
  double squares = 0;  // of the last epoch's steps
  double start = 0;    // Σ e² before the first
  double error = 0;    // and after the last
};

Result trained(Device device, int threads, Updates updates, Storage storage, int64_t factors, uint64_t seed) {
  FactorizationProblem problem(131, 97, factors, 0.5, seed);
  Context context(device, threads);
  const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), 8, 7, 2);
  const TrainingOperands operands(context, blocks, problem.objective(Link::kIdentity, true), problem.view(), storage);
  Result result;
  result.start = squared_error(context, operands);
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    result.squares = sgd_epoch(context, operands, strata_order(8, 7, epoch), {0.05f, updates, 3});
  }
  result.error = squared_error(context, operands);
  operands.fetch(context);
  result.numbers = problem.numbers();
  return result;
}

TEST(LockFree, OfOneThreadIsTheOrderedResult) {
  const uint64_t seed = test::random_seed();
  for (const Storage storage : kStorages) {
    const Result ordered = trained({}, 1, Updates::kOrdered, storage, 33, seed);
    const Result lock_free = trained({}, 1, Updates::kLockFree, storage, 33, seed);
    EXPECT_EQ(lock_free.numbers, ordered.numbers);
    EXPECT_EQ(lock_free.squares, ordered.squares);
  }
}

void expect_to_learn_nearly_as_much(Device device, int64_t factors) {
  const uint64_t seed = test::random_seed();
  for (const Storage storage : kStorages) {
    const Result ordered = trained({}, 2, Updates::kOrdered, storage, factors, seed);
    const Result lock_free = trained(device, 4, Updates::kLockFree, storage, factors, seed);
    EXPECT_GT(ordered.start - ordered.error, 0.5 * ordered.start);
    EXPECT_GT(lock_free.start - lock_free.error, 0.8 * (ordered.start - ordered.error));
  }
}

TEST(LockFree, OfManyThreadsLearnsAsMuch) {
  for (const int64_t factors : {16, 33, 145}) expect_to_learn_nearly_as_much({}, factors);
}

TEST(LockFreeOnCuda, LearnsAsMuch) {
  MATINEE_NEEDS_CUDA();
  for (const int64_t factors : {16, 33, 145}) expect_to_learn_nearly_as_much(test::cuda_device(), factors);
}

// Few ratings of many users: their biases are learnt where they lie, in global memory.
TEST(LockFreeOnCuda, OfOneGroupIsTheOrderedResult) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  for (const double density : {0.5, 0.002}) {
    const auto numbers = [&](Device device, Updates updates) {
      FactorizationProblem problem(700, 61, 33, density, seed);
      Context context(device, 2);
      const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), 1, 7, 4);
      const TrainingOperands operands(context, blocks, problem.objective(Link::kIdentity, true), problem.view());
      const double squares = sgd_epoch(context, operands, strata_order(1, 7, 0), {0.05f, updates, 3});
      operands.fetch(context);
      return std::pair(problem.numbers(), squares);
    };
    const auto expected = numbers({}, Updates::kOrdered);
    const auto found = numbers(test::cuda_device(), Updates::kLockFree);
    EXPECT_EQ(found.second, expected.second);
    for (std::size_t n = 0; n < expected.first.size(); ++n) {  // a sum of changes is rounded once more
      ASSERT_NEAR(found.first[n], expected.first[n], 1e-6f * (1 + std::abs(expected.first[n])));
    }
  }
}

// Σ (1 - σ)² over three epochs on pairs.
std::vector<double> errors_on_pairs(Device device, Updates updates, int64_t factors, uint64_t seed) {
  FactorizationProblem problem(61, 47, factors, 0.5, seed);
  Context context(device, 3);
  std::vector<double> errors;
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    const NegativeSampling sampling{.negatives = 2, .pairs = true, .seed = 7, .epoch = 0};
    const RatingBlocks blocks(context, problem.data.by_user.view(), sampling, 4, 2);
    const TrainingOperands operands(context, blocks, problem.objective(Link::kLogOdds, true), problem.view());
    errors.push_back(pair_epoch(context, operands, strata_order(4, 7, epoch), {0.05f, updates}));
    operands.fetch(context);
  }
  return errors;
}

void expect_falling_errors(Device device, int64_t factors) {
  const uint64_t seed = test::random_seed();
  const auto ordered = errors_on_pairs({}, Updates::kOrdered, factors, seed);
  const auto lock_free = errors_on_pairs(device, Updates::kLockFree, factors, seed);
  EXPECT_LT(lock_free[2], lock_free[0]);
  EXPECT_LE(std::abs(lock_free[2] - ordered[2]), 0.2 * ordered[2]);
}

TEST(LockFree, LearnsFromPairs) {
  for (const int64_t factors : {5, 145}) expect_falling_errors({}, factors);
}

TEST(LockFreeOnCuda, LearnsFromPairs) {
  MATINEE_NEEDS_CUDA();
  for (const int64_t factors : {5, 145}) expect_falling_errors(test::cuda_device(), factors);
}

}  // namespace
}  // namespace matinee::factorization
