#include <gtest/gtest.h>

#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/factorization/squared_error.h"
#include "kernels/factorization/squared_norm.h"
#include "tests/support/cuda_device.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::FactorizationProblem;

struct Shape {
  int32_t users, items;
  int64_t factors;
  int32_t groups, parts;
  double density = 0.5;
};

// Very long rows grow without bound at the rate of short ones.
float rate_for(int64_t factors) {
  return factors > 1000 ? 1e-4f : 0.05f;
}

struct Trained {
  std::vector<float> numbers;
  std::vector<double> sums;  // per epoch: of squares before steps and after them, and of the parts' norms

  bool operator==(const Trained&) const = default;
};

Trained trained(Device device, const Shape& shape, Link link, bool biases, Storage storage, uint64_t seed) {
  FactorizationProblem problem(shape.users, shape.items, shape.factors, shape.density, seed);
  Context context(device, 2);
  const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), shape.groups, 7,
                            shape.parts);
  Objective objective = problem.objective(link, biases);
  if (link == Link::kLogOdds) objective.user_shares = objective.item_shares = nullptr;
  const TrainingOperands operands(context, blocks, objective, problem.view(), storage);
  Trained result;
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    const EpochOptions options(rate_for(shape.factors), Updates::kOrdered, seed + static_cast<uint64_t>(epoch));
    result.sums.push_back(sgd_epoch(context, operands, strata_order(blocks.groups(), 7, epoch), options));
    result.sums.push_back(squared_error(context, operands));
    const ModelParts& parts = operands.parts();
    for (const auto& part : {parts.user_factors, parts.item_factors, parts.user_biases, parts.item_biases}) {
      result.sums.push_back(squared_norm(context, part));
    }
  }
  operands.fetch(context);
  result.numbers = problem.numbers();
  return result;
}

class SgdEpochCuda : public testing::TestWithParam<Shape> {};

TEST_P(SgdEpochCuda, ThreeEpochsHaveTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  for (const Link link : {Link::kIdentity, Link::kLogistic, Link::kLogOdds}) {
    for (const bool biases : {true, false}) {
      const Trained cpu = trained(Device{}, GetParam(), link, biases, Storage::kFp32, seed);
      const Trained cuda = trained(test::cuda_device(), GetParam(), link, biases, Storage::kFp32, seed);
      EXPECT_EQ(cuda.sums, cpu.sums);
      EXPECT_TRUE(cuda.numbers == cpu.numbers);
    }
  }
}

TEST_P(SgdEpochCuda, ThreeEpochsInHalvesHaveTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  for (const Storage storage : {Storage::kFp16, Storage::kBf16}) {
    const Trained cpu = trained(Device{}, GetParam(), Link::kIdentity, true, storage, seed);
    const Trained cuda = trained(test::cuda_device(), GetParam(), Link::kIdentity, true, storage, seed);
    EXPECT_EQ(cuda.sums, cpu.sums);
    EXPECT_TRUE(cuda.numbers == cpu.numbers);
  }
}

// Rows in registers of each size and too long for them, of an odd number of chunks of 16, too; one and many warps, more
// tiles than teams of a block; dense, with users without ratings, and so sparse that biases stay in global memory.
INSTANTIATE_TEST_SUITE_P(Shapes, SgdEpochCuda,
                         testing::Values(Shape{0, 0, 1, 1, 1}, Shape{1, 1, 1, 1, 1}, Shape{1, 33, 131, 3, 1},
                                         Shape{131, 1, 16, 4, 3}, Shape{31, 33, 31, 1, 5}, Shape{33, 31, 33, 5, 2},
                                         Shape{131, 131, 64, 8, 4}, Shape{61, 47, 128, 2, 2},
                                         Shape{131, 61, 48, 3, 5, 0.01}, Shape{33, 131, 145, 4, 3},
                                         Shape{41, 53, 129, 2, 20}, Shape{700, 61, 33, 8, 2, 0.002},
                                         Shape{700, 61, 130, 4, 1, 0.002}, Shape{7, 5, 4096, 2, 3}));

TEST_P(SgdEpochCuda, ThreeEpochsOnPairsHaveTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const Shape& shape = GetParam();
  const auto trained_on_pairs = [&](Device device, bool biases, Storage storage) {
    FactorizationProblem problem(shape.users, shape.items, shape.factors, shape.density, seed);
    Context context(device, 2);
    Trained result;
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      const NegativeSampling sampling{.negatives = 2, .pairs = true, .seed = 7, .epoch = epoch};
      const RatingBlocks blocks(context, problem.data.by_user.view(), sampling, shape.groups, shape.parts);
      const TrainingOperands operands(context, blocks, problem.objective(Link::kLogOdds, biases), problem.view(),
                                      storage);
      const EpochOptions options(rate_for(shape.factors), Updates::kOrdered, seed + static_cast<uint64_t>(epoch));
      result.sums.push_back(pair_epoch(context, operands, strata_order(blocks.groups(), 7, epoch), options));
      operands.fetch(context);
    }
    result.numbers = problem.numbers();
    return result;
  };
  constexpr std::pair<bool, Storage> kCases[] = {
      {true, Storage::kFp32}, {false, Storage::kFp32}, {true, Storage::kFp16}, {true, Storage::kBf16}};
  for (const auto& [biases, storage] : kCases) {
    const Trained cpu = trained_on_pairs(Device{}, biases, storage);
    const Trained cuda = trained_on_pairs(test::cuda_device(), biases, storage);
    EXPECT_EQ(cuda.sums, cpu.sums);
    EXPECT_TRUE(cuda.numbers == cpu.numbers);
  }
}

TEST(SgdEpochOnce, LeavesTheResultOfTheCpuInTheCallersModel) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  FactorizationProblem here(61, 47, 16, 0.5, seed), there(61, 47, 16, 0.5, seed);
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  const RatingBlocks blocks(cpu, here.data.by_user.view(), test::half_star_values(), 4, 7, 2);
  const auto strata = strata_order(4, 7, 0);
  const Objective objective = here.objective(Link::kIdentity, true);
  EXPECT_EQ(sgd_epoch(cuda, blocks, strata, there.objective(Link::kIdentity, true), 0.05f, there.view()),
            sgd_epoch(cpu, blocks, strata, objective, 0.05f, here.view()));
  EXPECT_TRUE(there.numbers() == here.numbers());
  EXPECT_EQ(squared_error(cuda, blocks, Link::kIdentity, there.view()),
            squared_error(cpu, blocks, Link::kIdentity, here.view()));
}

TEST(TrainingOperandsOnCuda, TakeTheMemoryThatWasPredicted) {
  MATINEE_NEEDS_CUDA();
  for (const Storage storage : {Storage::kFp32, Storage::kFp16}) {
    FactorizationProblem problem(700, 500, 33, 0.2, test::random_seed());
    const int64_t ratings = problem.data.by_user.view().size();
    Context context(test::cuda_device(), 2);
    const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(),
                              RatingBlocks::default_groups(ratings), 7, RatingBlocks::default_parts(ratings));
    const TrainingOperands operands(context, blocks, problem.objective(Link::kIdentity, true), problem.view(), storage);
    sgd_epoch(context, operands, strata_order(blocks.groups(), 7, 0), 0.05f);
    const int64_t predicted = TrainingOperands::device_bytes(700, 500, ratings, 33, storage);
    EXPECT_LE(context.peak_device_bytes(), predicted);
    EXPECT_GE(context.peak_device_bytes(), predicted - predicted / 20);
  }
}

}  // namespace
}  // namespace matinee::factorization
