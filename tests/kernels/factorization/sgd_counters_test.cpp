#include <cstdio>
#include <tuple>

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

// Bytes of the 32-byte sectors that the kernels move, for each rating or pair, over those that the algorithm needs: the
// ratings themselves and the factors of their rows, read once, and for a step written once. Biases and shares are no
// part of what is needed, but of what is moved.
struct Moved {
  double step, error, pair;
};

class SgdCounters : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override {
    MATINEE_NEEDS_CUDA();
    if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  }

  static Moved moved(int64_t factors, Storage storage, Updates updates, Link link) {
    test::FactorizationProblem problem(500, 400, factors, 0.2, test::random_seed());
    Context cpu(Device{}, 2);
    const SparseView by_user = problem.data.by_user.view();
    const int32_t groups = RatingBlocks::default_groups(by_user.size()),
                  parts = RatingBlocks::default_parts(by_user.size());
    const RatingBlocks blocks(cpu, by_user, test::half_star_values(), groups, 7, parts);
    const RatingBlocks pairs(cpu, by_user, NegativeSampling{.negatives = 1, .pairs = true}, groups);
    const auto objective = problem.objective(link, true);
    const auto strata = strata_order(groups, 7, 0);
    const test::WithoutChecks fast;  // other tests have them
    const auto launches = test::launches_of([&] {
      Context context(test::cuda_device(), 2);
      const TrainingOperands operands(context, blocks, objective, problem.view(), storage);
      sgd_epoch(context, operands, strata, {0.01f, updates});
      squared_error(context, operands);
      const TrainingOperands on_pairs(context, pairs, objective, problem.view(), storage);
      pair_epoch(context, on_pairs, strata, {0.01f, updates});
    });
    constexpr double kRating = 12;
    const double row = static_cast<double>(factors * bytes_of(storage));
    const auto over = [&](const char* kernel, double needed, int64_t units) {
      return test::counted(launches, kernel).bytes_moved() / (needed * static_cast<double>(units));
    };
    return {over("SgdTile", 4 * row + kRating, blocks.size()),
            over("block_errors_kernel", 2 * row + kRating, blocks.size()),
            over("PairTile", 6 * row + 2 * kRating, pairs.size() / 2)};
  }
};

TEST_P(SgdCounters, KernelsMoveAtMost15PercentMoreThanTheRowsOfEachRating) {
  constexpr std::tuple<const char*, Storage, Link> kCases[] = {{"fp32", Storage::kFp32, Link::kIdentity},
                                                               {"fp16", Storage::kFp16, Link::kLogistic},
                                                               {"bf16", Storage::kBf16, Link::kLogOdds}};
  for (const auto& [name, storage, link] : kCases) {
    for (const Updates updates : {Updates::kOrdered, Updates::kLockFree}) {
      const Moved over = moved(GetParam(), storage, updates, link);
      std::printf("%3d factors, %s, %s: step %.3f, error %.3f, pair %.3f\n", static_cast<int>(GetParam()), name,
                  updates == Updates::kOrdered ? "ordered" : "lock-free", over.step, over.error, over.pair);
      for (const double ratio : {over.step, over.error, over.pair}) {
        EXPECT_LE(ratio, 1.15);
        EXPECT_GE(ratio, 0.85);  // rows that the next rating shares stay in registers
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Factors, SgdCounters, testing::Values(16, 32, 48, 64, 128, 144, 192, 256));

TEST(SgdLaunches, OrderedStrataAreOneEachAndLockFreeOnesOneTogether) {
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
  EXPECT_EQ(test::counted(launches_in(Updates::kOrdered), "SgdTile").launches, 4);  // of one graph
  EXPECT_EQ(test::counted(launches_in(Updates::kLockFree), "SgdTile").launches, 1);
}

}  // namespace
}  // namespace matinee::factorization
