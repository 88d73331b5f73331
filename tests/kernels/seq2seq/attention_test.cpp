#include "kernels/seq2seq/attention.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;

constexpr AttentionScore kScores[] = {AttentionScore::kDot, AttentionScore::kAdditive};

struct Problem {
  PackedBatch source, target;
  test::NaiveAttention operands;
  Matrix d_contexts;

  Problem(Context& context, int64_t sequences, int32_t longest, int64_t units, uint64_t seed)
      : source(context, sequences, longest), target(context, sequences, longest + 1) {
    std::vector<int32_t> lengths = test::random_lengths(seed, sequences, longest);
    source.assign(context, lengths);
    for (int32_t& length : lengths) ++length;
    target.assign(context, lengths);
    operands = {random_matrix(seed, 1, target.rows(), units, 0.5), random_matrix(seed, 2, source.rows(), units, 0.5),
                random_matrix(seed, 3, source.rows(), units + 2), random_matrix(seed, 4, 1, units)};
    d_contexts = random_matrix(seed, 5, target.rows(), units + 2);
  }
};

struct Result {
  Matrix weights, contexts;
  test::NaiveAttention gradient;
};

Result by_reference(AttentionScore score, const Problem& problem) {
  const PackedBatch &source = problem.source, &target = problem.target;
  const test::NaiveAttention& all = problem.operands;
  Result result{Matrix::Zero(target.rows(), source.steps()),
                Matrix::Zero(target.rows(), all.values.cols()),
                {Matrix::Zero(all.queries.rows(), all.queries.cols()), Matrix::Zero(all.keys.rows(), all.keys.cols()),
                 Matrix::Zero(all.values.rows(), all.values.cols()), Matrix::Zero(1, all.v.cols())}};
  for (int64_t b = 0; b < source.sequences(); ++b) {
    const test::NaiveAttention own = {test::rows_of_sequence(target, b, all.queries),
                                      test::rows_of_sequence(source, b, all.keys),
                                      test::rows_of_sequence(source, b, all.values), all.v};
    const Matrix weights = naive_attention_weights(score, own);
    Matrix padded = Matrix::Zero(weights.rows(), source.steps());
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

Result by_operation(Context& context, AttentionScore score, const Problem& problem, int calls = 1) {
  const test::NaiveAttention& all = problem.operands;
  DeviceRows queries(context, all.queries), keys(context, all.keys), values(context, all.values), v(context, all.v);
  DeviceRows d_queries(context, 0 * all.queries), d_keys(context, 0 * all.keys), d_values(context, 0 * all.values);
  DeviceRows d_v(context, 0 * all.v), d_contexts(context, problem.d_contexts);
  DeviceRows weights(context, Matrix::Constant(problem.target.rows(), problem.source.steps(), 7));
  DeviceRows contexts(context, 0 * problem.d_contexts);
  const AttentionView<const float> operands = {queries.view(), keys.view(), values.view(), v.view().data};
  for (int call = 0; call < calls; ++call) {
    attend(context, score, problem.source, problem.target, operands, weights.view(), contexts.view());
    attend_gradient(context, score, problem.source, problem.target, operands, weights.view(), d_contexts.view(),
                    {d_queries.view(), d_keys.view(), d_values.view(), d_v.view().data});
  }
  return {weights.numbers(),
          contexts.numbers(),
          {d_queries.numbers(), d_keys.numbers(), d_values.numbers(), d_v.numbers()}};
}

TEST(AttentionReference, HasTheGradientOfCentralDifferences) {
  for (const AttentionScore score : kScores) {
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
  for (const AttentionScore score : kScores) {
    for (const auto& [sequences, longest, units] : {std::array{1, 1, 1}, {3, 5, 31}, {9, 33, 131}}) {
      const Problem problem(context, sequences, longest, units, test::random_seed());
      const Result expected = by_reference(score, problem), found = by_operation(context, score, problem);
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
  const uint64_t seed = test::random_seed();
  const Problem problem(one, 9, 12, 33, seed), same(three, 9, 12, 33, seed);
  for (const AttentionScore score : kScores) {
    const Result expected = by_operation(one, score, problem), found = by_operation(three, score, same);
    EXPECT_EQ(found.contexts, expected.contexts);
    EXPECT_EQ(found.gradient.keys, expected.gradient.keys);
    EXPECT_EQ(found.gradient.v, expected.gradient.v);
  }
}

TEST(Attention, LooksAtNoStepBeyondTheEndOfItsSequence) {
  Context context({}, 2);
  const Problem problem(context, 6, 9, 5, test::random_seed());
  const Matrix weights = by_operation(context, AttentionScore::kDot, problem).weights;
  for (int64_t b = 0; b < 6; ++b) {
    const Matrix own = test::rows_of_sequence(problem.target, b, weights);
    const int64_t steps = problem.source.lengths()[static_cast<std::size_t>(b)];
    for (int64_t step = 0; step < own.rows(); ++step) {
      EXPECT_NEAR(own.row(step).leftCols(steps).sum(), 1, 1e-6);
      EXPECT_TRUE((own.row(step).rightCols(own.cols() - steps).array() == 0).all());
    }
  }
}

TEST(Attention, RefusesOperandsThatDoNotFit) {
  Context context({}, 1);
  const Problem problem(context, 3, 4, 5, test::random_seed());
  const test::NaiveAttention& all = problem.operands;
  DeviceRows queries(context, all.queries), keys(context, all.keys), values(context, all.values);
  DeviceRows weights(context, Matrix::Zero(problem.target.rows(), 4)), contexts(context, problem.d_contexts);
  const AttentionView<const float> operands = {queries.view(), keys.view(), values.view(), nullptr};
  EXPECT_THROW(attend(context, AttentionScore::kAdditive, problem.source, problem.target, operands, weights.view(),
                      contexts.view()),
               Error);
  EXPECT_THROW(
      attend(context, AttentionScore::kDot, problem.target, problem.source, operands, weights.view(), contexts.view()),
      Error);
}

}  // namespace
}  // namespace matinee::seq2seq
