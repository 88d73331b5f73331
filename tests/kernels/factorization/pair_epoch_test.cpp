#include "kernels/factorization/pair_epoch.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::FactorizationProblem;
using test::ReferenceFactors;

constexpr float kRate = 0.05f;

double reference_epoch(ReferenceFactors& reference, const RatingBlocks& blocks, std::span<const int32_t> strata,
                       const Objective& objective) {
  double squares = 0;
  for (const int32_t stratum : strata) {
    for (int32_t group = 0; group < blocks.groups(); ++group) {
      const auto block = blocks.stratum_block(stratum, group);
      for (std::size_t n = 0; n < block.size(); n += 2) {
        squares +=
            reference.pair_step(block[n].user, block[n].item, block[n + 1].item, objective, static_cast<double>(kRate));
      }
    }
  }
  return squares;
}

struct Shape {
  int32_t users, items;
  int64_t factors;
  int32_t groups;
};

class PairEpoch : public testing::TestWithParam<Shape> {};

TEST_P(PairEpoch, ThreeEpochsFollowTheReference) {
  const Shape& shape = GetParam();
  for (const bool biases : {true, false}) {
    FactorizationProblem problem(shape.users, shape.items, shape.factors, 0.5, test::random_seed());
    Context context({}, 2);
    const Objective objective = problem.objective(Link::kLogOdds, biases);
    ReferenceFactors reference(problem);
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      const NegativeSampling sampling{.negatives = 2, .pairs = true, .seed = 7, .epoch = epoch};
      const RatingBlocks blocks(context, problem.data.by_user.view(), sampling, shape.groups);
      const auto strata = strata_order(blocks.groups(), 7, epoch);
      const double expected = reference_epoch(reference, blocks, strata, objective);
      const TrainingOperands operands(context, blocks, objective, problem.view());
      EXPECT_NEAR(pair_epoch(context, operands, strata, kRate), expected, 1e-4 * expected);
      EXPECT_LE(reference.distance(problem), 1e-4) << "epoch " << epoch;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, PairEpoch,
                         testing::Values(Shape{0, 0, 1, 1}, Shape{1, 1, 1, 1}, Shape{1, 33, 131, 3},
                                         Shape{31, 33, 31, 1}, Shape{33, 31, 33, 5}, Shape{131, 131, 8, 8}));

// The reference itself goes down the gradient of -ln σ(x_ui - x_uj): central differences in double.
TEST(PairEpochResult, IsTheSameBytesOnEveryProcessor) {
  const uint64_t seed = test::random_seed();
  const auto result = [&](ProcessorLevel level, Storage storage, Updates updates) {
    const test::LimitedLevel limited(level);
    FactorizationProblem problem(131, 97, 33, 0.5, seed);
    Context context({}, 1);
    const NegativeSampling sampling{.negatives = 2, .pairs = true, .seed = 7, .epoch = 0};
    const RatingBlocks blocks(context, problem.data.by_user.view(), sampling, 4);
    const TrainingOperands operands(context, blocks, problem.objective(Link::kLogOdds, true), problem.view(), storage);
    const double squares = pair_epoch(context, operands, strata_order(blocks.groups(), 7, 0), {kRate, updates, 3});
    operands.fetch(context);
    return std::pair(problem.numbers(), squares);
  };
  for (const Storage storage : {Storage::kFp32, Storage::kFp16, Storage::kBf16}) {
    for (const Updates updates : {Updates::kOrdered, Updates::kLockFree}) {
      const auto expected = result(ProcessorLevel::kBaseline, storage, updates);
      for (const ProcessorLevel level : test::processor_levels()) {
        EXPECT_TRUE(result(level, storage, updates) == expected)
            << "level " << static_cast<int>(level) << ", storage " << static_cast<int>(storage);
      }
    }
  }
}

TEST(PairEpochGradient, IsThatOfTheLoss) {
  FactorizationProblem problem(1, 2, 3, 1.0, test::random_seed());
  Objective objective = problem.objective(Link::kLogOdds, true);
  objective.user_penalty = objective.item_penalty = objective.item_bias_penalty = 0;
  constexpr double kRateOfReference = 1e-3;
  ReferenceFactors reference(problem);
  reference.pair_step(0, 0, 1, objective, kRateOfReference);

  constexpr float kStep = 1.0f / 256;  // exact in float
  const auto loss = [&] {
    const ReferenceFactors model(problem);
    return std::log(1 + std::exp(model.predictor(0, 1) - model.predictor(0, 0)));
  };
  std::vector<float*> numbers = {&problem.item_biases[0], &problem.item_biases[1]};
  for (int64_t k = 0; k < 3; ++k) {
    numbers.insert(numbers.end(),
                   {&problem.user_factors[k], &problem.item_factors[k], &problem.item_factors[problem.stride + k]});
  }
  std::vector<double> slopes;
  for (float* number : numbers) {
    const float middle = *number;
    *number = middle + kStep;
    const double above = loss();
    *number = middle - kStep;
    slopes.push_back((above - loss()) / (2 * static_cast<double>(kStep)));
    *number = middle;
  }
  for (std::size_t n = 0; n < numbers.size(); ++n) *numbers[n] -= static_cast<float>(kRateOfReference * slopes[n]);
  EXPECT_LE(reference.distance(problem), 2e-7);
}

TEST(PairEpochErrors, AStratumThatIsNone) {
  FactorizationProblem problem(5, 7, 3, 0.5, 1);
  Context context({}, 1);
  const RatingBlocks blocks(context, problem.data.by_user.view(), NegativeSampling{.pairs = true}, 2);
  const TrainingOperands operands(context, blocks, problem.objective(Link::kLogOdds, true), problem.view());
  const int32_t strata[] = {2};
  EXPECT_THROW(pair_epoch(context, operands, strata, kRate), Error);
}

}  // namespace
}  // namespace matinee::factorization
