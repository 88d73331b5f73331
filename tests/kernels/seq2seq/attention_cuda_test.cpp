#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/attention_problem.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

using test::attention_by_operation;
using test::Matrix;
using test::relative_difference;
using Problem = test::AttentionProblem;
using Result = test::AttentionResult;
using Shape = test::AttentionShape;
using test::kAttentionScores;

constexpr int kCalls = 3;

double mean_size(const Matrix& matrix) {
  return matrix.size() == 0 ? 0 : matrix.cwiseAbs().mean();
}

void expect_near(const Result& found, const Result& expected, const Problem& problem, const Shape& shape) {
  SCOPED_TRACE(testing::Message() << shape.sequences << " sequences, " << shape.target_steps << " steps on "
                                  << shape.source_steps << ", " << shape.units << " units, " << shape.dimensions);
  EXPECT_LE(relative_difference(found.weights, expected.weights), 1e-5);
  EXPECT_LE(relative_difference(found.contexts, expected.contexts), 1e-5);
  // A sequence of one step has no gradient of its scores: what is left is rounding.
  const double size = mean_size(problem.d_contexts);
  EXPECT_LE(mean_size(found.gradient.queries - expected.gradient.queries), 1e-5 * size);
  EXPECT_LE(mean_size(found.gradient.keys - expected.gradient.keys), 1e-5 * size);
  EXPECT_LE(mean_size(found.gradient.values - expected.gradient.values), 1e-5 * size);
  EXPECT_LE(mean_size(found.gradient.v - expected.gradient.v), 1e-4 * size);
}

TEST(AttentionCuda, AgreesWithTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const AttentionScore score : kAttentionScores) {
    for (const Shape& shape : {Shape{0, 1, 1, 3, 2},
                               {1, 1, 1, 1, 1},
                               {3, 5, 7, 31, 33},
                               {9, 33, 31, 131, 7},
                               {4, 65, 40, 64, 132},
                               {2, 300, 3, 8, 5},
                               {5, 20, 21, 32, 32, true},
                               {3, 20, 9, 33, 33, true}}) {
      const Problem problem(shape, test::random_seed());
      const Result expected = attention_by_operation(cpu, score, problem, kCalls),
                   found = attention_by_operation(cuda, score, problem, kCalls);
      expect_near(found, expected, problem, shape);
    }
  }
}

TEST(AttentionCuda, HasTheSameBytesAgain) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  const Problem problem({9, 33, 34, 20, 20}, test::random_seed());
  for (const AttentionScore score : kAttentionScores) {
    const Result first = attention_by_operation(cuda, score, problem, kCalls),
                 again = attention_by_operation(cuda, score, problem, kCalls);
    EXPECT_EQ(first.contexts, again.contexts);
    EXPECT_EQ(first.gradient.queries, again.gradient.queries);
    EXPECT_EQ(first.gradient.keys, again.gradient.keys);
    EXPECT_EQ(first.gradient.values, again.gradient.values);
    EXPECT_EQ(first.gradient.v, again.gradient.v);
  }
}

TEST(AttentionCuda, OfANaNIsNaNInItsSequenceAndNoOther) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  Problem problem({2, 4, 3, 8, 8}, test::random_seed());
  problem.operands.keys(1, 5) = std::nan("");  // step 0 of sequence 1
  for (const AttentionScore score : kAttentionScores) {
    const Result found = attention_by_operation(cuda, score, problem, kCalls);
    EXPECT_TRUE(found.contexts.row(1).array().isNaN().all());
    EXPECT_TRUE(found.contexts.row(0).allFinite());
  }
}

}  // namespace
}  // namespace matinee::seq2seq
