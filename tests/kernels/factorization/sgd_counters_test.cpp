#include <cstdio>

#include <gtest/gtest.h>

#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/factorization/squared_error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/launch_counters.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

// Bytes of the 32-byte sectors that the kernels move in an epoch on a problem of `factors` factors, per rating or pair.
struct Moved {
  double step, error, pair;
};

Moved moved_per_rating(int64_t factors, Storage storage) {
  test::FactorizationProblem problem(700, 500, factors, 0.2, test::random_seed());
  Context cpu(Device{}, 2);
  const RatingBlocks blocks(cpu, problem.data.by_user.view(), test::half_star_values(), 8, 7, 8);
  const RatingBlocks pairs(cpu, problem.data.by_user.view(), NegativeSampling{.negatives = 1, .pairs = true}, 8, 8);
  const auto objective = problem.objective(Link::kIdentity, true);
  const auto launches = test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    const TrainingOperands operands(context, blocks, objective, problem.view(), storage);
    sgd_epoch(context, operands, strata_order(blocks.groups(), 7, 0), 0.05f);
    squared_error(context, operands);
    const TrainingOperands on_pairs(context, pairs, objective, problem.view(), storage);
    pair_epoch(context, on_pairs, strata_order(pairs.groups(), 7, 0), 0.05f);
  });
  const auto per_rating = [&](const char* kernel, double ratings) {
    return 32 * test::counted(launches, kernel).sectors / ratings;
  };
  const auto ratings = static_cast<double>(blocks.size());
  return {per_rating("SgdTile", ratings), per_rating("tile_errors_kernel", ratings),
          per_rating("PairTile", static_cast<double>(pairs.size()) / 2)};
}

// What an epoch's kernels need: rows read, or read and written, the ratings themselves, biases and shares.
void expect_little_more_than_the_rows(int64_t factors, Storage storage, double bound) {
  constexpr double kRating = 12, kNumber = 4;
  const double row = static_cast<double>(factors * bytes_of(storage));
  const double step = 4 * row + kRating + (4 + 2) * kNumber, error = 2 * row + kRating + 2 * kNumber;
  const double pair = 6 * row + 2 * kRating + (5 + 2) * kNumber;
  const Moved moved = moved_per_rating(factors, storage);
  std::printf("%d factors of %d bytes: %.0f bytes a step, %.0f needed; %.0f an error, %.0f; %.0f a pair, %.0f\n",
              static_cast<int>(factors), static_cast<int>(bytes_of(storage)), moved.step, step, moved.error, error,
              moved.pair, pair);
  EXPECT_LE(moved.step, bound * step);
  EXPECT_LE(moved.error, bound * error);
  EXPECT_LE(moved.pair, bound * pair);
  EXPECT_GE(moved.step, 0.9 * step);
  EXPECT_GE(moved.error, 0.9 * error);
  EXPECT_GE(moved.pair, 0.9 * pair);
}

TEST(SgdCounters, MoveLittleMoreThanTheRowsOfEachRating) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  for (const int64_t factors : {64, 128, 144, 256}) expect_little_more_than_the_rows(factors, Storage::kFp32, 1.15);
  // A bias and a share take a sector, which weighs more beside rows of half the size.
  expect_little_more_than_the_rows(64, Storage::kFp16, 1.25);
  for (const int64_t factors : {128, 256}) expect_little_more_than_the_rows(factors, Storage::kBf16, 1.15);
}

TEST(SgdCounters, OrderedStepsAreOneLaunchEachAndLockFreeOnesOneTogether) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  test::FactorizationProblem problem(131, 97, 16, 0.5, test::random_seed());
  Context cpu(Device{}, 2);
  const RatingBlocks blocks(cpu, problem.data.by_user.view(), test::half_star_values(), 4, 7, 8);
  const auto launches_in = [&](Updates updates) {
    return test::launches_of([&] {
      Context context(test::cuda_device(), 2);
      const TrainingOperands operands(context, blocks, problem.objective(Link::kIdentity, true), problem.view());
      sgd_epoch(context, operands, strata_order(blocks.groups(), 7, 0), {0.05f, updates});
    });
  };
  EXPECT_EQ(test::counted(launches_in(Updates::kOrdered), "SgdTile").launches, 4 * 8);  // from 4 launches of a graph
  EXPECT_EQ(test::counted(launches_in(Updates::kLockFree), "SgdTile").launches, 1);
}

}  // namespace
}  // namespace matinee::factorization
