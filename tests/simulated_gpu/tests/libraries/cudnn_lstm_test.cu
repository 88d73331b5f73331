// The LSTM of the cuDNN stand-in against one that is written out in double; its gradients against finite differences.
#include <cmath>
#include <random>

#include <cudnn.h>
#include <gtest/gtest.h>

#include "testing/lstm.h"
#include "testing/lstm_reference.h"
#include "testing/simulated_gpu.h"
#include "tests/support/random_seed.h"

namespace simulated_gpu::test {
namespace {

class CudnnLstm : public testing::Test {
 protected:
  void SetUp() override { set_checks(true); }
  void TearDown() override {
    EXPECT_EQ(take_finding(), "");
    set_checks(false);
  }

  int draw(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  std::vector<float> normal(size_t count, float scale = 1) {
    std::normal_distribution<float> distribution(0, scale);
    std::vector<float> values(count);
    for (float& value : values) value = distribution(random_);
    return values;
  }
  LstmShape draw_shape(cudnnRNNDataLayout_t layout) {
    LstmShape shape{draw(1, 3), draw(1, 5), draw(1, 6), draw(1, 9), draw(1, 12), {}, layout};
    for (int n = 0; n < shape.batch; ++n) shape.lengths.push_back(draw(1, shape.steps));
    if (layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) {
      std::sort(shape.lengths.rbegin(), shape.lengths.rend());
      shape.steps = shape.lengths[0];
    }
    return shape;
  }
  // Fills both with the same random numbers.
  LstmReference fill(Lstm& lstm, float scale = 0.5f) {
    const LstmShape& shape = lstm.shape();
    const std::vector<float> parameters = normal(count_lstm_parameters(shape), scale);
    const std::vector<float> x = normal(size_t(shape.batch * shape.steps * shape.inputs));
    const std::vector<float> hx = normal(size_t(lstm.states())), cx = normal(size_t(lstm.states()));
    lstm.set_parameters(parameters);
    lstm.set_rows(lstm.x, x, shape.inputs);
    lstm.set_states(lstm.hx, hx);
    lstm.set_states(lstm.cx, cx);
    return {shape,
            {parameters.begin(), parameters.end()},
            {x.begin(), x.end()},
            {hx.begin(), hx.end()},
            {cx.begin(), cx.end()}};
  }

  std::mt19937_64 random_{matinee::test::random_seed()};
};

void expect_near(const std::vector<float>& found, const std::vector<double>& expected, double tolerance,
                 const char* what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t n = 0; n < found.size(); ++n) {
    ASSERT_NEAR(found[n], expected[n], tolerance * (1 + std::fabs(expected[n]))) << what << " " << n;
  }
}

constexpr cudnnRNNDataLayout_t kLayouts[] = {CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED,
                                             CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED,
                                             CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED};

// Padding of y is zero, as the descriptor asks; states are those of each sequence's own last step.
TEST_F(CudnnLstm, RunsForwardInEveryLayout) {
  for (int round = 0; round < 12; ++round) {
    LstmShape shape = draw_shape(kLayouts[round % 3]);
    shape.bias = cudnnRNNBiasMode_t(draw(0, 3));
    Lstm lstm(shape);
    const LstmResult expected = fill(lstm).run();
    const auto mode = round % 2 ? CUDNN_FWD_MODE_TRAINING : CUDNN_FWD_MODE_INFERENCE;
    ASSERT_EQ(lstm.forward(mode), CUDNN_STATUS_SUCCESS);
    expect_near(lstm.rows(lstm.y, shape.hidden), expected.y, 2e-6, "y");
    expect_near(lstm.read_states(lstm.hy), expected.hy, 2e-6, "hy");
    expect_near(lstm.read_states(lstm.cy), expected.cy, 2e-6, "cy");
  }
}

TEST_F(CudnnLstm, BeginsAtZeroWhereThereAreNoStates) {
  const LstmShape shape{2, 3, 4, 5, 6, {4, 2, 3}};
  Lstm lstm(shape);
  LstmReference reference = fill(lstm);
  reference.hx.assign(reference.hx.size(), 0.0);
  reference.cx = reference.hx;
  for (Lstm::Memory* memory : {&lstm.hx, &lstm.cx, &lstm.hy, &lstm.cy}) memory->reset();
  ASSERT_EQ(lstm.forward(CUDNN_FWD_MODE_INFERENCE), CUDNN_STATUS_SUCCESS);
  expect_near(lstm.rows(lstm.y, shape.hidden), reference.run().y, 2e-6, "y");
}

TEST_F(CudnnLstm, GradientsAreThoseOfFiniteDifferences) {
  for (int round = 0; round < 6; ++round) {
    LstmShape shape{draw(1, 3), draw(1, 3), 4, draw(1, 3), draw(1, 4), {}, kLayouts[round % 3]};
    for (int n = 0; n < shape.batch; ++n) shape.lengths.push_back(4 - n);
    shape.bias = cudnnRNNBiasMode_t(draw(0, 3));
    Lstm lstm(shape);
    LstmReference reference = fill(lstm);
    LstmLoss loss{normal(size_t(shape.batch * shape.steps * shape.hidden)), normal(size_t(lstm.states())),
                  normal(size_t(lstm.states()))};
    for (int sequence = 0; sequence < shape.batch; ++sequence) {  // padding is no part of the loss
      const int64_t first = int64_t(sequence) * shape.steps, length = shape.lengths[size_t(sequence)];
      std::fill(loss.y.begin() + (first + length) * shape.hidden, loss.y.begin() + (first + 4) * shape.hidden, 0.0f);
    }
    lstm.set_rows(lstm.dy, loss.y, shape.hidden);
    lstm.set_states(lstm.dhy, loss.hy);
    lstm.set_states(lstm.dcy, loss.cy);
    ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
    expect_near(lstm.read_states(lstm.dhx), loss.gradient(reference, reference.hx), 2e-5, "dhx");
    expect_near(lstm.read_states(lstm.dcx), loss.gradient(reference, reference.cx), 2e-5, "dcx");
    expect_near(lstm.gradients(), loss.gradient(reference, reference.parameters), 2e-5, "weights");
    const std::vector<float> dx = lstm.rows(lstm.dx, shape.inputs);
    const std::vector<double> expected = loss.gradient(reference, reference.x);
    for (int row = 0; row < shape.batch * shape.steps; ++row) {
      const bool padding = row % shape.steps >= shape.lengths[size_t(row / shape.steps)];
      for (int l = 0; l < shape.inputs; ++l) {
        const size_t at = size_t(row * shape.inputs + l);
        if (!padding) ASSERT_NEAR(dx[at], expected[at], 2e-5 * (1 + std::fabs(expected[at])));
        if (padding && shape.layout != CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) EXPECT_TRUE(std::isnan(dx[at]));
      }
    }
  }
}

// Three steps: the second and the third find what the ones before left in every buffer.
TEST_F(CudnnLstm, TrainsLikeTheReference) {
  const LstmShape shape{2, 3, 5, 3, 4, {5, 2, 4}};
  Lstm lstm(shape);
  LstmReference reference = fill(lstm);
  const LstmLoss loss{std::vector<float>(3 * 5 * 4, 0.0f), std::vector<float>(size_t(lstm.states()), 0.1f),
                      std::vector<float>(size_t(lstm.states()), 0.2f)};
  lstm.set_rows(lstm.dy, loss.y, shape.hidden);
  lstm.set_states(lstm.dhy, loss.hy);
  lstm.set_states(lstm.dcy, loss.cy);
  for (int step = 0; step < 3; ++step) {
    lstm.clear_gradients();
    ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
    const std::vector<float> gradients = lstm.gradients();
    expect_near(gradients, loss.gradient(reference, reference.parameters), 2e-5, "weights");
    for (size_t n = 0; n < gradients.size(); ++n) reference.parameters[n] -= 0.1 * gradients[n];
    lstm.set_parameters({reference.parameters.begin(), reference.parameters.end()});
  }
}

TEST_F(CudnnLstm, AddsToTheGradients) {
  const LstmShape shape{1, 2, 3, 4, 5, {3, 3}};
  Lstm lstm(shape);
  fill(lstm);
  lstm.set_rows(lstm.dy, normal(2 * 3 * 5), shape.hidden);
  lstm.dhy.reset();
  lstm.dcy.reset();
  std::vector<float> once;
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
    if (round == 0) once = lstm.gradients();
  }
  const std::vector<float> twice = lstm.gradients();
  for (size_t n = 0; n < once.size(); ++n) EXPECT_NEAR(twice[n], 2 * once[n], 1e-5 * (1 + std::fabs(once[n])));
}

// Halves are what memory holds; sums are in more.
TEST_F(CudnnLstm, TakesHalves) {
  LstmShape shape{2, 3, 5, 3, 4, {5, 4, 1}};
  shape.type = CUDNN_DATA_HALF;
  Lstm lstm(shape);
  LstmReference reference = fill(lstm);
  const LstmLoss loss{std::vector<float>(3 * 5 * 4, 0.0f), normal(size_t(lstm.states())),
                      normal(size_t(lstm.states()))};
  lstm.set_rows(lstm.dy, loss.y, shape.hidden);
  lstm.set_states(lstm.dhy, loss.hy);
  lstm.set_states(lstm.dcy, loss.cy);
  ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
  expect_near(lstm.rows(lstm.y, shape.hidden), reference.run().y, 5e-3, "y");
  expect_near(lstm.read_states(lstm.dcx), loss.gradient(reference, reference.cx), 1e-2, "dcx");
  expect_near(lstm.gradients(), loss.gradient(reference, reference.parameters), 1e-2, "weights");
}

// 1 + 2^-12 is a float and no TF32: without sums, recurrence or saturation it shows what products round.
TEST_F(CudnnLstm, RoundsAsTheMathTypePermits) {
  const auto cell = [&](cudnnMathType_t math) {
    LstmShape shape{1, 1, 1, 1, 1, {1}};
    shape.math = math;
    Lstm lstm(shape);
    std::vector<float> parameters(count_lstm_parameters(shape), 0.0f);
    parameters[lstm_parameters(shape)[2].matrix] = 1;  // the cell gate
    lstm.set_parameters(parameters);
    lstm.set_rows(lstm.x, {1.0f + std::ldexp(1.0f, -12)}, 1);
    lstm.hx.reset();
    lstm.cx.reset();
    EXPECT_EQ(lstm.forward(CUDNN_FWD_MODE_INFERENCE), CUDNN_STATUS_SUCCESS);
    return double(lstm.read_states(lstm.cy)[0]);  // tanh(x) / 2
  };
  const double exact = std::tanh(1 + std::ldexp(1.0, -12)) / 2, coarse = std::tanh(1.0) / 2;
  EXPECT_NEAR(cell(CUDNN_FMA_MATH), exact, 1e-7);
  EXPECT_NEAR(cell(CUDNN_DEFAULT_MATH), coarse, 1e-7);
  EXPECT_NEAR(cell(CUDNN_TENSOR_OP_MATH), coarse, 1e-7);
  EXPECT_NEAR(cell(CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION), coarse, 1e-7);
}

}  // namespace
}  // namespace simulated_gpu::test
