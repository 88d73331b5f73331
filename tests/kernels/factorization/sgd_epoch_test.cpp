#include "kernels/factorization/sgd_epoch.h"

#include <cmath>

#include <gtest/gtest.h>

#include "kernels/factorization/squared_error.h"
#include "kernels/support/error.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::FactorizationProblem;
using test::ReferenceFactors;

constexpr float kRate = 0.05f;

LevelValues values_for(Link link) {
  return link == Link::kIdentity ? test::half_star_values() : test::unit_values();
}

// The whole epoch by the reference, in the order that the blocks lay down.
double reference_epoch(ReferenceFactors& reference, const RatingBlocks& blocks, std::span<const int32_t> strata,
                       const Objective& objective) {
  double squares = 0;
  for (const int32_t stratum : strata) {
    for (int32_t group = 0; group < blocks.groups(); ++group) {
      for (const Rating& rating : blocks.stratum_block(stratum, group)) {
        squares += reference.step(rating, objective, static_cast<double>(kRate));
      }
    }
  }
  return squares;
}

struct Shape {
  int32_t users, items;
  int64_t factors;
  int32_t groups, parts;
};

class SgdEpoch : public testing::TestWithParam<Shape> {};

TEST_P(SgdEpoch, ThreeEpochsFollowTheReference) {
  const Shape& shape = GetParam();
  for (const Link link : {Link::kIdentity, Link::kLogistic, Link::kLogOdds}) {
    for (const bool biases : {true, false}) {
      FactorizationProblem problem(shape.users, shape.items, shape.factors, 0.5, test::random_seed());
      Context context({}, 2);
      const RatingBlocks blocks(context, problem.data.by_user.view(), values_for(link), shape.groups, 7, shape.parts);
      const Objective objective = problem.objective(link, biases);
      ReferenceFactors reference(problem);
      for (int64_t epoch = 0; epoch < 3; ++epoch) {
        const auto strata = strata_order(blocks.groups(), 7, epoch);
        const double expected = reference_epoch(reference, blocks, strata, objective);
        const double squares = sgd_epoch(context, blocks, strata, objective, kRate, problem.view());
        EXPECT_NEAR(squares, expected, 1e-4 * expected);
        EXPECT_LE(reference.distance(problem), 1e-4) << "epoch " << epoch;
      }
      for (int64_t row = 0; row < shape.users; ++row) {
        for (int64_t k = shape.factors; k < problem.stride; ++k) {
          ASSERT_EQ(problem.user_factors[row * problem.stride + k], 0.0f) << "padding of user " << row;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SgdEpoch,
                         testing::Values(Shape{0, 0, 1, 1, 1}, Shape{1, 1, 1, 1, 2}, Shape{1, 33, 131, 3, 1},
                                         Shape{131, 1, 16, 4, 3}, Shape{31, 33, 31, 1, 5}, Shape{33, 31, 33, 5, 2},
                                         Shape{131, 131, 8, 8, 4}));

TEST(SgdEpochResult, IsTheSameBytesForAnyNumberOfThreads) {
  const uint64_t seed = test::random_seed();
  const auto result = [&](int threads) {
    FactorizationProblem problem(131, 97, 33, 0.5, seed);
    Context context({}, threads);
    const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), 8, 7, 3);
    double squares = 0;
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      squares += sgd_epoch(context, blocks, strata_order(8, 7, epoch), problem.objective(Link::kIdentity, true), kRate,
                           problem.view());
    }
    return std::pair(problem.numbers(), squares);
  };
  const auto alone = result(1);
  for (const int threads : {2, 3, 8}) EXPECT_EQ(result(threads), alone) << threads << " threads";
}

TEST(SgdEpochResult, OfAnEpochInPartsIsThatOfTheWhole) {
  const uint64_t seed = test::random_seed();
  FactorizationProblem whole(61, 47, 16, 0.5, seed), parts(61, 47, 16, 0.5, seed);
  Context context({}, 2);
  const RatingBlocks blocks(context, whole.data.by_user.view(), test::half_star_values(), 4, 7);
  const auto strata = strata_order(4, 7, 0);
  const Objective objective = whole.objective(Link::kIdentity, true);
  sgd_epoch(context, blocks, strata, objective, kRate, whole.view());
  sgd_epoch(context, blocks, std::span(strata).first(1), objective, kRate, parts.view());
  sgd_epoch(context, blocks, std::span(strata).subspan(1), objective, kRate, parts.view());
  EXPECT_EQ(parts.numbers(), whole.numbers());
}

// Item factors of zero and targets that are met leave nothing but the penalty.
TEST(SgdEpochResult, IsTheSameBytesOnEveryProcessor) {
  const uint64_t seed = test::random_seed();
  const auto result = [&](ProcessorLevel level, Storage storage, Updates updates, int64_t factors) {
    const test::LimitedLevel limited(level);
    FactorizationProblem problem(131, 97, factors, 0.5, seed);
    Context context({}, 1);
    const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), 8, 7, 2);
    const TrainingOperands operands(context, blocks, problem.objective(Link::kIdentity, true), problem.view(), storage);
    double squares = 0;
    for (int64_t epoch = 0; epoch < 3; ++epoch) {
      squares += sgd_epoch(context, operands, strata_order(8, 7, epoch), {kRate, updates, 3});
    }
    operands.fetch(context);
    return std::pair(problem.numbers(), squares);
  };
  for (const Storage storage : {Storage::kFp32, Storage::kFp16, Storage::kBf16}) {
    for (const Updates updates : {Updates::kOrdered, Updates::kLockFree}) {
      for (const int64_t factors : {1, 31, 33, 131}) {
        const auto expected = result(ProcessorLevel::kBaseline, storage, updates, factors);
        for (const ProcessorLevel level : test::processor_levels()) {
          EXPECT_TRUE(result(level, storage, updates, factors) == expected)
              << "level " << static_cast<int>(level) << ", storage " << static_cast<int>(storage) << ", " << factors;
        }
      }
    }
  }
}

TEST(SgdEpochPenalty, CountsSharesOncePerRating) {
  FactorizationProblem problem(31, 33, 5, 0.5, test::random_seed());
  problem.item_factors = Buffer<float>(33 * problem.stride);
  problem.user_biases = Buffer<float>(31);
  problem.item_biases = Buffer<float>(33);
  LevelValues met;
  met.fill(problem.view().mean);
  Context context({}, 2);
  const RatingBlocks blocks(context, problem.data.by_user.view(), met, 3, 7);
  Objective objective = problem.objective(Link::kIdentity, true);
  for (const bool once_per_row : {false, true}) {
    std::vector<double> expected;
    for (int32_t user = 0; user < 31; ++user) {
      const double count = static_cast<double>(problem.data.by_user.view().row_size(user));
      problem.user_shares[user] = once_per_row && count > 0 ? static_cast<float>(1 / count) : 1.0f;
      const double penalty = 0.1 * static_cast<double>(problem.user_shares[user]);
      const double kept = std::pow(1 - static_cast<double>(kRate) * penalty, count);
      expected.push_back(kept * static_cast<double>(problem.user_factors[user * problem.stride]));
    }
    sgd_epoch(context, blocks, strata_order(3, 7, 0), objective, kRate, problem.view());
    for (int32_t user = 0; user < 31; ++user) {
      EXPECT_NEAR(problem.user_factors[user * problem.stride], expected[static_cast<std::size_t>(user)], 1e-6);
    }
  }
}

TEST(SgdEpochDivergence, ShowsInTheSumOfSquares) {
  FactorizationProblem problem(61, 47, 16, 0.5, test::random_seed());
  Context context({}, 2);
  const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), 2, 7);
  const double squares = sgd_epoch(context, blocks, strata_order(2, 7, 0), problem.objective(Link::kIdentity, true),
                                   100.0f, problem.view());
  EXPECT_FALSE(std::isfinite(squares));
}

TEST(SgdEpochChecks, RefuseWhatDoesNotFit) {
  FactorizationProblem problem(31, 33, 5, 0.5, 1), other(31, 32, 5, 0.5, 1);
  Context context({}, 1);
  const RatingBlocks blocks(context, problem.data.by_user.view(), test::half_star_values(), 2, 7);
  const Objective objective = problem.objective(Link::kIdentity, true);
  const std::vector<int32_t> first = {0}, beyond = {2};
  EXPECT_THROW(sgd_epoch(context, blocks, beyond, objective, kRate, problem.view()), Error);
  EXPECT_THROW(sgd_epoch(context, blocks, first, objective, kRate, other.view()), Error);
  auto unpadded = problem.view();
  unpadded.user_factors.columns = unpadded.user_factors.stride = 5;
  EXPECT_THROW(sgd_epoch(context, blocks, first, objective, kRate, unpadded), Error);
}

TEST(SquaredError, AgreesWithTheReferenceForAnyNumberOfThreads) {
  for (const Link link : {Link::kIdentity, Link::kLogistic, Link::kLogOdds}) {
    FactorizationProblem problem(131, 33, 31, 0.5, test::random_seed());
    const ReferenceFactors reference(problem);
    Context context({}, 1), others({}, 3);
    const RatingBlocks blocks(context, problem.data.by_user.view(), values_for(link), 4, 7, 2);
    double expected = 0;
    for (int32_t a = 0; a < 4; ++a) {
      for (int32_t b = 0; b < 4; ++b) {
        for (const Rating& rating : blocks.block(a, b)) expected += std::pow(reference.error(rating, link), 2);
      }
    }
    const double squares = squared_error(context, blocks, link, problem.view());
    EXPECT_NEAR(squares, expected, 1e-5 * expected);
    EXPECT_EQ(squared_error(others, blocks, link, problem.view()), squares);
  }
}

}  // namespace
}  // namespace matinee::factorization
