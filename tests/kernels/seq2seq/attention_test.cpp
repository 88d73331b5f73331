#include "kernels/seq2seq/attention.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/attention_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

using test::attention_by_operation;
using test::DeviceRows;
using test::kAttentionScores;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;
using Problem = test::AttentionProblem;
using Result = test::AttentionResult;

Result by_reference(Context& context, AttentionScore score, const Problem& problem) {
  const PackedBatch source = problem.source(context), target = problem.target(context);
  const test::NaiveAttention& all = problem.operands;
  Result result{Matrix::Zero(target.rows(), source.steps() + 1),
                Matrix::Zero(target.rows(), all.values.cols()),
                {Matrix::Zero(all.queries.rows(), all.queries.cols()), Matrix::Zero(all.keys.rows(), all.keys.cols()),
                 Matrix::Zero(all.values.rows(), all.values.cols()), Matrix::Zero(1, all.v.cols())}};
  for (int64_t b = 0; b < source.sequences(); ++b) {
    const test::NaiveAttention own = {test::rows_of_sequence(target, b, all.queries),
                                      test::rows_of_sequence(source, b, all.keys),
                                      test::rows_of_sequence(source, b, all.values), all.v};
    const Matrix weights = naive_attention_weights(score, own);
    Matrix padded = Matrix::Zero(weights.rows(), source.steps() + 1);
    padded.leftCols(weights.cols()) = weights;
    test::put_rows_of_sequence(target, b, padded, result.weights);
    test::put_rows_of_sequence(target, b, weights * own.values, result.contexts);
    const auto gradient = naive_attention_gradient(score, own, test::rows_of_sequence(target, b, problem.d_contexts));
    test::put_rows_of_sequence(target, b, gradient.queries, result.gradient.queries);
    test::put_rows_of_sequence(source, b, gradient.keys, result.gradient.keys);
    test::put_rows_of_sequence(source, b, gradient.values, result.gradient.values);
    result.gradient.v += gradient.v;
  }
  return result;
}

TEST(AttentionReference, HasTheGradientOfCentralDifferences) {
  for (const AttentionScore score : kAttentionScores) {
    const uint64_t seed = test::random_seed();
    test::NaiveAttention operands = {random_matrix(seed, 1, 3, 4), random_matrix(seed, 2, 5, 4),
                                     random_matrix(seed, 3, 5, 2), random_matrix(seed, 4, 1, 4)};
    const Matrix d_contexts = random_matrix(seed, 5, 3, 2);
    const auto value = [&] {
      return (naive_attention_weights(score, operands) * operands.values).cwiseProduct(d_contexts).sum();
    };
    const auto found = naive_attention_gradient(score, operands, d_contexts);
    EXPECT_LE(relative_difference(found.queries, test::by_differences(operands.queries, value)), 1e-6);
    EXPECT_LE(relative_difference(found.keys, test::by_differences(operands.keys, value)), 1e-6);
    EXPECT_LE(relative_difference(found.values, test::by_differences(operands.values, value)), 1e-6);
    EXPECT_LE(relative_difference(found.v, test::by_differences(operands.v, value)), 1e-6);
  }
}

TEST(Attention, AgreesWithTheReferenceInDouble) {
  Context context({}, 2);
  for (const AttentionScore score : kAttentionScores) {
    for (const auto& [sequences, longest, units] : {std::array{1, 1, 1}, {3, 5, 31}, {9, 33, 131}}) {
      const Problem problem({sequences, longest, longest + 1, units, units + 2}, test::random_seed());
      const Result expected = by_reference(context, score, problem);
      const Result found = attention_by_operation(context, score, problem, 1);
      EXPECT_LE(relative_difference(found.weights, expected.weights), 1e-5);
      EXPECT_LE(relative_difference(found.contexts, expected.contexts), 1e-5);
      // A sequence of one step has no gradient of its scores: what is left is rounding.
      const double size = problem.d_contexts.cwiseAbs().maxCoeff();
      EXPECT_LE((found.gradient.queries - expected.gradient.queries).cwiseAbs().maxCoeff(), 3e-5 * size);
      EXPECT_LE((found.gradient.keys - expected.gradient.keys).cwiseAbs().maxCoeff(), 3e-5 * size);
      EXPECT_LE((found.gradient.values - expected.gradient.values).cwiseAbs().maxCoeff(), 3e-5 * size);
      if (score == AttentionScore::kAdditive) {
        EXPECT_LE((found.gradient.v - expected.gradient.v).cwiseAbs().maxCoeff(), 1e-4 * size);
      }
    }
  }
}

TEST(Attention, HasTheSameBytesForAnyNumberOfThreads) {
  Context one({}, 1), three({}, 3);
  const Problem problem({9, 12, 13, 33, 35}, test::random_seed());
  for (const AttentionScore score : kAttentionScores) {
    const Result expected = attention_by_operation(one, score, problem, 1);
    const Result found = attention_by_operation(three, score, problem, 1);
    EXPECT_EQ(found.contexts, expected.contexts);
    EXPECT_EQ(found.gradient.keys, expected.gradient.keys);
    EXPECT_EQ(found.gradient.v, expected.gradient.v);
  }
}

TEST(Attention, LooksAtNoStepBeyondTheEndOfItsSequence) {
  Context context({}, 2);
  const Problem problem({6, 9, 10, 5, 7}, test::random_seed());
  const Matrix weights = attention_by_operation(context, AttentionScore::kDot, problem, 1).weights;
  const PackedBatch source = problem.source(context), target = problem.target(context);
  for (int64_t b = 0; b < 6; ++b) {
    const Matrix own = test::rows_of_sequence(target, b, weights);
    const int64_t steps = source.lengths()[static_cast<std::size_t>(b)];
    for (int64_t step = 0; step < own.rows(); ++step) {
      EXPECT_NEAR(own.row(step).leftCols(steps).sum(), 1, 1e-6);
      EXPECT_TRUE((own.row(step).rightCols(own.cols() - steps).array() == 0).all());
    }
  }
}

TEST(Attention, RefusesOperandsThatDoNotFit) {
  Context context({}, 1);
  const Problem problem({3, 4, 5, 5, 7}, test::random_seed());
  const PackedBatch source = problem.source(context), target = problem.target(context);
  const test::NaiveAttention& all = problem.operands;
  DeviceRows queries(context, all.queries), keys(context, all.keys), values(context, all.values);
  DeviceRows weights(context, Matrix::Zero(target.rows(), 4)), contexts(context, problem.d_contexts);
  const AttentionView<const float> operands = {queries.view(), keys.view(), values.view(), nullptr};
  EXPECT_THROW(attend(context, AttentionScore::kAdditive, source, target, operands, weights.view(), contexts.view()),
               Error);
  EXPECT_THROW(attend(context, AttentionScore::kDot, target, source, operands, weights.view(), contexts.view()), Error);
}

}  // namespace
}  // namespace matinee::seq2seq
