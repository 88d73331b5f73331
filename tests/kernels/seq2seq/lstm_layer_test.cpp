#include "kernels/seq2seq/lstm_layer.h"

#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;

struct Case {
  int64_t sequences;
  int32_t longest;
  int64_t inputs, units;
};

constexpr Case kCases[] = {{1, 1, 1, 1}, {3, 5, 2, 3}, {7, 4, 31, 33}, {35, 9, 100, 131}, {33, 1, 131, 31}};

// Operands of one call, in double, all sequences of a batch.
struct Problem {
  PackedBatch batch;
  test::NaiveLstm layer;
  Matrix x, h0, c0, dy, dh, dc;

  Problem(Context& context, const Case& shape, uint64_t seed)
      : batch(context, shape.sequences, shape.longest), layer(seed, shape.inputs, shape.units) {
    batch.assign(context, test::random_lengths(seed, shape.sequences, shape.longest));
    x = random_matrix(seed, 11, batch.rows(), shape.inputs);
    h0 = random_matrix(seed, 12, shape.sequences, shape.units, 0.5);
    c0 = random_matrix(seed, 13, shape.sequences, shape.units);
    dy = random_matrix(seed, 14, batch.rows(), shape.units);
    dh = random_matrix(seed, 15, shape.sequences, shape.units);
    dc = random_matrix(seed, 16, shape.sequences, shape.units);
  }
};

struct Result {
  Matrix y, h, c, dx, dh0, dc0, parameters;  // parameters: their gradient, in host form
};

Result zero_result(const Problem& problem) {
  const int64_t rows = problem.x.rows(), units = problem.layer.units();
  const Matrix state = Matrix::Zero(problem.h0.rows(), units);
  return {Matrix::Zero(rows, units), state, state, Matrix::Zero(rows, problem.x.cols()), state, state, Matrix()};
}

Result by_reference(const Problem& problem) {
  Result result = zero_result(problem);
  test::NaiveLstm gradient(problem.x.cols(), problem.layer.units());
  for (int64_t b = 0; b < problem.batch.sequences(); ++b) {
    const Matrix x = test::rows_of_sequence(problem.batch, b, problem.x);
    const test::NaiveLstmRun run = naive_lstm(problem.layer, x, problem.h0.row(b), problem.c0.row(b));
    const test::NaiveLstmGradient own =
        naive_lstm_gradient(problem.layer, x, run, test::rows_of_sequence(problem.batch, b, problem.dy),
                            problem.dh.row(b), problem.dc.row(b), gradient);
    test::put_rows_of_sequence(problem.batch, b, run.y, result.y);
    test::put_rows_of_sequence(problem.batch, b, own.dx, result.dx);
    result.h.row(b) = run.last_h();
    result.c.row(b) = run.last_c();
    result.dh0.row(b) = own.dh0;
    result.dc0.row(b) = own.dc0;
  }
  const std::vector<float> numbers = gradient.parameters();
  result.parameters = test::to_double({numbers.data(), 1, static_cast<int64_t>(numbers.size()), 0});
  return result;
}

// Calls a layer `calls` times with the same operands: the results of the last call, the gradient of all.
Result by_layer(Context& context, const Problem& problem, int calls = 1) {
  const LstmShape shape = {problem.x.cols(), problem.layer.units()};
  const PackedBatch& batch = problem.batch;
  const auto layer = make_lstm_layer(context, shape, {batch.sequences(), batch.steps(), batch.rows()}, true);
  Array<float> parameters(context, layer->parameters()), gradient(context, layer->parameters());
  layer->set_parameters(context, problem.layer.parameters(), parameters.data());
  const Result zeros = zero_result(problem);
  DeviceRows x(context, problem.x), h0(context, problem.h0), c0(context, problem.c0), dy(context, problem.dy);
  DeviceRows dh(context, problem.dh), dc(context, problem.dc), y(context, zeros.y), h(context, zeros.h);
  DeviceRows c(context, zeros.c), dx(context, zeros.dx), dh0(context, zeros.h), dc0(context, zeros.c);
  for (int call = 0; call < calls; ++call) {
    layer->forward(context, batch, parameters.data(), x.view(), {h0.view(), c0.view()}, y.view(), {h.view(), c.view()},
                   true);
    layer->backward(context, batch, parameters.data(), x.view(), {h0.view(), c0.view()}, y.view(), dy.view(),
                    {dh.view(), dc.view()}, dx.view(), {dh0.view(), dc0.view()}, gradient.data());
  }
  std::vector<float> numbers(static_cast<std::size_t>(shape.parameters()));
  layer->get_parameters(context, gradient.data(), numbers);
  return {y.numbers(),
          h.numbers(),
          c.numbers(),
          dx.numbers(),
          dh0.numbers(),
          dc0.numbers(),
          test::to_double({numbers.data(), 1, shape.parameters(), 0})};
}

void expect_near(const Result& found, const Result& expected, double tolerance) {
  EXPECT_LE(relative_difference(found.y, expected.y), tolerance);
  EXPECT_LE(relative_difference(found.h, expected.h), tolerance);
  EXPECT_LE(relative_difference(found.c, expected.c), tolerance);
  EXPECT_LE(relative_difference(found.dx, expected.dx), tolerance);
  EXPECT_LE(relative_difference(found.dh0, expected.dh0), tolerance);
  EXPECT_LE(relative_difference(found.dc0, expected.dc0), tolerance);
  EXPECT_LE(relative_difference(found.parameters, expected.parameters), tolerance);
}

TEST(LstmReference, HasTheGradientOfCentralDifferences) {
  const uint64_t seed = test::random_seed();
  test::NaiveLstm layer(seed, 3, 4);
  Matrix x = random_matrix(seed, 21, 5, 3), h0 = random_matrix(seed, 22, 1, 4), c0 = random_matrix(seed, 23, 1, 4);
  const Matrix dy = random_matrix(seed, 24, 5, 4), dh = random_matrix(seed, 25, 1, 4);
  const Matrix dc = random_matrix(seed, 26, 1, 4);
  const auto value = [&] {
    const test::NaiveLstmRun run = naive_lstm(layer, x, h0, c0);
    return run.y.cwiseProduct(dy).sum() + run.last_h().cwiseProduct(dh).sum() + run.last_c().cwiseProduct(dc).sum();
  };
  test::NaiveLstm gradient(3, 4);
  const auto found = naive_lstm_gradient(layer, x, naive_lstm(layer, x, h0, c0), dy, dh, dc, gradient);
  EXPECT_LE(relative_difference(found.dx, test::by_differences(x, value)), 1e-6);
  EXPECT_LE(relative_difference(found.dh0, test::by_differences(h0, value)), 1e-6);
  EXPECT_LE(relative_difference(found.dc0, test::by_differences(c0, value)), 1e-6);
  EXPECT_LE(relative_difference(gradient.w, test::by_differences(layer.w, value)), 1e-6);
  EXPECT_LE(relative_difference(gradient.r, test::by_differences(layer.r, value)), 1e-6);
  EXPECT_LE(relative_difference(gradient.b_w, test::by_differences(layer.b_w, value)), 1e-6);
}

TEST(LstmLayer, AgreesWithTheReferenceInDouble) {
  Context context({}, 2);
  for (const Case& shape : kCases) {
    SCOPED_TRACE(shape.units);
    const Problem problem(context, shape, test::random_seed());
    expect_near(by_layer(context, problem), by_reference(problem), 2e-5);
  }
}

TEST(LstmLayer, AddsToTheGradientOfEarlierCalls) {
  Context context({}, 2);
  const Problem problem(context, {7, 4, 31, 33}, test::random_seed());
  Result expected = by_reference(problem);
  expected.parameters *= 3;
  expect_near(by_layer(context, problem, 3), expected, 2e-5);
}

TEST(LstmLayer, HasTheSameBytesForAnyNumberOfThreads) {
  Context one({}, 1), three({}, 3);
  const uint64_t seed = test::random_seed();
  const Case shape = {35, 9, 100, 131};
  const Problem problem(one, shape, seed), same(three, shape, seed);
  const Result expected = by_layer(one, problem), found = by_layer(three, same);
  EXPECT_EQ(found.y, expected.y);
  EXPECT_EQ(found.c, expected.c);
  EXPECT_EQ(found.dx, expected.dx);
  EXPECT_EQ(found.dc0, expected.dc0);
  EXPECT_EQ(found.parameters, expected.parameters);
}

TEST(LstmLayer, HasTheSameBytesOnEveryProcessor) {
  Context context({}, 2);
  const Problem problem(context, {7, 5, 31, 33}, test::random_seed());
  const Result expected = by_layer(context, problem);
  for (const ProcessorLevel level : test::processor_levels()) {
    const test::LimitedLevel limited(level);
    const Result found = by_layer(context, problem);
    EXPECT_EQ(found.y, expected.y);
    EXPECT_EQ(found.dx, expected.dx);
    EXPECT_EQ(found.parameters, expected.parameters);
  }
}

TEST(LstmLayer, StartsFromZeroWhereNoStateIsGiven) {
  Context context({}, 2);
  Problem problem(context, {5, 6, 7, 8}, test::random_seed());
  problem.h0.setZero();
  problem.c0.setZero();
  const Result expected = by_layer(context, problem);
  const auto layer = make_lstm_layer(context, {7, 8}, {5, 6, problem.batch.rows()}, false);
  Array<float> parameters(context, layer->parameters());
  layer->set_parameters(context, problem.layer.parameters(), parameters.data());
  DeviceRows x(context, problem.x), y(context, Matrix::Zero(problem.batch.rows(), 8));
  layer->forward(context, problem.batch, parameters.data(), x.view(), {}, y.view(), {}, false);
  EXPECT_EQ(y.numbers(), expected.y);
}

TEST(LstmLayer, RefusesShapesThatAreNone) {
  Context context({}, 1);
  EXPECT_THROW(make_lstm_layer(context, {0, 3}, {1, 1, 1}, true), Error);
  EXPECT_THROW(make_lstm_layer(context, {3, 0}, {1, 1, 1}, true), Error);
  const auto layer = make_lstm_layer(context, {2, 2}, {1, 1, 1}, true);
  Array<float> parameters(context, layer->parameters());
  EXPECT_THROW(layer->set_parameters(context, std::vector<float>(5), parameters.data()), Error);
}

TEST(LstmLayer, OnCudaAgreesWithTheReferenceInDouble) {
  MATINEE_NEEDS_CUDA();
  Context context(test::cuda_device(), 2);
  for (const Case& shape : kCases) {
    SCOPED_TRACE(shape.units);
    const Problem problem(context, shape, test::random_seed());
    Result expected = by_reference(problem);
    expected.parameters *= 3;
    expect_near(by_layer(context, problem, 3), expected, 2e-5);
  }
}

}  // namespace
}  // namespace matinee::seq2seq
