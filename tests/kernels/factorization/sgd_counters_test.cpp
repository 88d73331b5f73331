#include <cstdio>

#include <gtest/gtest.h>

#include "kernels/factorization/sgd_epoch.h"
#include "kernels/factorization/squared_error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/launch_counters.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

// Bytes of the 32-byte sectors that a kernel moves in an epoch on a problem of `factors` factors, per rating.
struct Moved {
  double step, error;
};

Moved moved_per_rating(int64_t factors) {
  test::FactorizationProblem problem(700, 500, factors, 0.2, test::random_seed());
  Context cpu(Device{}, 2);
  const RatingBlocks blocks(cpu, problem.data.by_user.view(), test::half_star_values(), 8, 7, 8);
  const auto launches = test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    const TrainingOperands operands(context, blocks, problem.objective(Link::kIdentity, true), problem.view());
    sgd_epoch(context, operands, strata_order(blocks.groups(), 7, 0), 0.05f);
    squared_error(context, operands);
  });
  const auto per_rating = [&](const char* kernel) {
    return 32 * test::counted(launches, kernel).sectors / static_cast<double>(blocks.size());
  };
  return {per_rating("sgd_step"), per_rating("tile_errors_kernel")};
}

TEST(SgdCounters, MoveLittleMoreThanTheRowsOfEachRating) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  for (const double factors : {64.0, 128.0, 144.0}) {
    const double rating = 12, biases = 4 * 4, shares = 2 * 4;
    const double rows = factors > 128 ? 6 : 4;  // read or written; long ones are read twice
    const double step = rows * factors * 4 + rating + biases + shares, error = 2 * factors * 4 + rating + biases / 2;
    const Moved moved = moved_per_rating(static_cast<int64_t>(factors));
    std::printf("%.0f factors: %.0f bytes a step, %.0f needed; %.0f bytes an error, %.0f needed\n", factors, moved.step,
                step, moved.error, error);
    EXPECT_LE(moved.step, 1.15 * step);
    EXPECT_LE(moved.error, 1.2 * error);
  }
}

}  // namespace
}  // namespace matinee::factorization
