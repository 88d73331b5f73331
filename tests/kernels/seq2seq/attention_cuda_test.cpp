#include <cmath>

#include <gtest/gtest.h>

#include "kernels/seq2seq/attention.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;

constexpr AttentionScore kScores[] = {AttentionScore::kDot, AttentionScore::kAdditive};

struct Shape {
  int64_t sequences;
  int32_t source_steps, target_steps;
  int64_t units, dimensions;
  bool keys_are_values = false;
};

struct Problem {
  std::vector<int32_t> source_lengths, target_lengths;
  Matrix queries, keys, values, v, d_contexts;
  bool keys_are_values;

  Problem(const Shape& shape, uint64_t seed)
      : source_lengths(test::random_lengths(seed, shape.sequences, shape.source_steps)),
        target_lengths(test::random_lengths(seed + 1, shape.sequences, shape.target_steps)),
        keys_are_values(shape.keys_are_values) {
    const auto rows = [](const std::vector<int32_t>& lengths) {
      int64_t sum = 0;
      for (const int32_t length : lengths) sum += length;
      return sum;
    };
    queries = random_matrix(seed, 1, rows(target_lengths), shape.units, 0.5);
    keys = random_matrix(seed, 2, rows(source_lengths), shape.units, 0.5);
    values = shape.keys_are_values ? keys : random_matrix(seed, 3, rows(source_lengths), shape.dimensions);
    v = random_matrix(seed, 4, 1, shape.units);
    d_contexts = random_matrix(seed, 5, queries.rows(), values.cols());
  }
};

struct Result {
  Matrix weights, contexts, queries, keys, values, v;
};

// Forward and backward three times: gradients on top of each other.
Result three_steps(Context& context, AttentionScore score, const Problem& problem) {
  PackedBatch source(context, 40, 500), target(context, 40, 500);
  source.assign(context, problem.source_lengths);
  target.assign(context, problem.target_lengths);
  DeviceRows queries(context, problem.queries), keys(context, problem.keys), values(context, problem.values);
  DeviceRows v(context, problem.v), d_contexts(context, problem.d_contexts);
  DeviceRows d_queries(context, 0 * problem.queries), d_keys(context, 0 * problem.keys);
  DeviceRows d_values(context, 0 * problem.values), d_v(context, 0 * problem.v);
  DeviceRows weights(context, Matrix::Constant(problem.queries.rows(), source.steps() + 1, 7));
  DeviceRows contexts(context, 0 * problem.d_contexts);
  const bool same = problem.keys_are_values;
  const MatrixView<const float> as_values = same ? keys.view() : values.view();
  const MatrixView<float> into_values = same ? d_keys.view() : d_values.view();
  for (int step = 0; step < 3; ++step) {
    const AttentionView<const float> operands = {queries.view(), keys.view(), as_values, v.view().data};
    attend(context, score, source, target, operands, weights.view(), contexts.view());
    attend_gradient(context, score, source, target, operands, weights.view(), d_contexts.view(),
                    {d_queries.view(), d_keys.view(), into_values, d_v.view().data});
  }
  return {weights.numbers(), contexts.numbers(), d_queries.numbers(),
          d_keys.numbers(),  d_values.numbers(), d_v.numbers()};
}

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
  EXPECT_LE(mean_size(found.queries - expected.queries), 1e-5 * size);
  EXPECT_LE(mean_size(found.keys - expected.keys), 1e-5 * size);
  EXPECT_LE(mean_size(found.values - expected.values), 1e-5 * size);
  EXPECT_LE(mean_size(found.v - expected.v), 1e-4 * size);
}

TEST(AttentionCuda, AgreesWithTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const AttentionScore score : kScores) {
    for (const Shape& shape : {Shape{0, 1, 1, 3, 2},
                               {1, 1, 1, 1, 1},
                               {3, 5, 7, 31, 33},
                               {9, 33, 31, 131, 7},
                               {4, 65, 40, 64, 132},
                               {2, 300, 3, 8, 5},
                               {5, 20, 21, 32, 32, true},
                               {3, 20, 9, 33, 33, true}}) {
      const Problem problem(shape, test::random_seed());
      const Result expected = three_steps(cpu, score, problem), found = three_steps(cuda, score, problem);
      expect_near(found, expected, problem, shape);
    }
  }
}

TEST(AttentionCuda, HasTheSameBytesAgain) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  const Problem problem({9, 33, 34, 20, 20}, test::random_seed());
  for (const AttentionScore score : kScores) {
    const Result first = three_steps(cuda, score, problem), again = three_steps(cuda, score, problem);
    EXPECT_EQ(first.contexts, again.contexts);
    EXPECT_EQ(first.queries, again.queries);
    EXPECT_EQ(first.keys, again.keys);
    EXPECT_EQ(first.values, again.values);
    EXPECT_EQ(first.v, again.v);
  }
}

TEST(AttentionCuda, OfANaNIsNaNInItsSequenceAndNoOther) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  Problem problem({2, 4, 3, 8, 8}, test::random_seed());
  problem.keys(1, 5) = std::nan("");  // step 0 of sequence 1
  for (const AttentionScore score : kScores) {
    const Result found = three_steps(cuda, score, problem);
    EXPECT_TRUE(found.contexts.row(1).array().isNaN().all());
    EXPECT_TRUE(found.contexts.row(0).allFinite());
  }
}

}  // namespace
}  // namespace matinee::seq2seq
