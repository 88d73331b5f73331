// Dropout between the layers of the cuDNN stand-in's LSTM: rate, scale, reuse of the mask.
#include <cmath>

#include <cudnn.h>
#include <gtest/gtest.h>

#include "testing/lstm.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

constexpr int kSteps = 20, kBatch = 10, kUnits = 16;

// Every unit for itself: input and output gates open, forget gates shut, the cell takes its own input. A layer is
// tanh(tanh(input)).
std::vector<float> separate_units(const LstmShape& shape) {
  std::vector<float> parameters(count_lstm_parameters(shape), 0.0f);
  for (const LstmParameter& p : lstm_parameters(shape)) {
    for (int unit = 0; unit < shape.hidden; ++unit) {
      if (p.part == 2) parameters[p.matrix + size_t(unit * p.columns + unit)] = 1;
      if (p.part == 0 || p.part == 3) parameters[p.bias + size_t(unit)] = 20;
      if (p.part == 1) parameters[p.bias + size_t(unit)] = -20;
    }
  }
  return parameters;
}

class CudnnDropout : public testing::Test {
 protected:
  void SetUp() override { set_checks(true); }
  void TearDown() override {
    EXPECT_EQ(take_finding(), "");
    set_checks(false);
  }

  static LstmShape shape(float rate) {
    LstmShape shape{2, kBatch, kSteps, kUnits, kUnits, std::vector<int>(kBatch, kSteps)};
    shape.dropout = rate;
    return shape;
  }
  // All of x is 1.
  static void prepare(Lstm& lstm) {
    lstm.set_parameters(separate_units(lstm.shape()));
    lstm.set_rows(lstm.x, std::vector<float>(kBatch * kSteps * kUnits, 1.0f), kUnits);
    for (Lstm::Memory* memory : {&lstm.hx, &lstm.cx, &lstm.dhy, &lstm.dcy}) memory->reset();
  }
  // What reached the second layer, over what the first gave.
  static std::vector<double> factors(const Lstm& lstm) {
    const double given = std::tanh(std::tanh(1.0));
    std::vector<double> factors;
    for (const float y : lstm.rows(lstm.y, kUnits)) factors.push_back(std::atanh(std::atanh(double(y))) / given);
    return factors;
  }
};

TEST_F(CudnnDropout, KeepsTheShareAndScalesIt) {
  const float rate = 0.25f;
  Lstm lstm(shape(rate));
  prepare(lstm);
  ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
  int dropped = 0;
  for (const double factor : factors(lstm)) {
    if (factor < 1e-3) {
      ++dropped;
    } else {
      ASSERT_NEAR(factor, 1 / (1 - rate), 1e-4);
    }
  }
  const double expected = rate * kBatch * kSteps * kUnits, deviation = std::sqrt(expected * (1 - rate));
  EXPECT_NEAR(dropped, expected, 5 * deviation);  // the seed is fixed
}

TEST_F(CudnnDropout, DropsNothingInInference) {
  Lstm lstm(shape(0.5f));
  prepare(lstm);
  ASSERT_EQ(lstm.forward(CUDNN_FWD_MODE_INFERENCE), CUDNN_STATUS_SUCCESS);
  for (const double factor : factors(lstm)) ASSERT_NEAR(factor, 1, 1e-4);
}

TEST_F(CudnnDropout, GradientsGoThroughTheMaskOfForward) {
  const float rate = 0.5f;
  Lstm lstm(shape(rate));
  prepare(lstm);
  lstm.set_rows(lstm.dy, std::vector<float>(kBatch * kSteps * kUnits, 1.0f), kUnits);
  ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
  // Of tanh(tanh(z)) by z.
  const auto slope = [](double z) {
    const double c = std::tanh(z), h = std::tanh(c);
    return (1 - h * h) * (1 - c * c);
  };
  const double given = std::tanh(std::tanh(1.0));
  const std::vector<float> dx = lstm.rows(lstm.dx, kUnits);
  std::vector<double> weight_gradients(kUnits, 0.0);
  const std::vector<double> all = factors(lstm);
  for (size_t n = 0; n < all.size(); ++n) {
    const double factor = all[n] < 0.1 ? 0 : 2;
    ASSERT_NEAR(dx[n], slope(factor * given) * factor * slope(1), 1e-4);
    weight_gradients[n % kUnits] += slope(factor * given) * factor * given;
  }
  const std::vector<float> gradients = lstm.gradients();
  const LstmParameter cell = lstm_parameters(lstm.shape())[8 + 2];
  for (int unit = 0; unit < kUnits; ++unit) {
    EXPECT_NEAR(gradients[cell.matrix + size_t(unit * kUnits + unit)], weight_gradients[size_t(unit)], 1e-3);
  }
}

// Another mask with every forward pass; the same again where the states are as they were.
TEST_F(CudnnDropout, StatesAdvanceAndCanBeRestored) {
  Lstm lstm(shape(0.5f));
  prepare(lstm);
  const DeviceBuffer<unsigned char> saved(lstm.dropout_states->values());
  ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
  const std::vector<double> first = factors(lstm);
  ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
  EXPECT_NE(factors(lstm), first);
  ASSERT_EQ(cudnnRestoreDropoutDescriptor(lstm.dropout, lstm.handle, 0.5f, saved.data(), saved.size(), 7),
            CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(factors(lstm), first);
}

TEST_F(CudnnDropout, FindsStatesThatNobodyInitialised) {
  Lstm lstm(shape(0.5f));
  prepare(lstm);
  const DeviceBuffer<unsigned char> zeros(std::vector<unsigned char>(lstm.dropout_states->size(), 0));
  const auto found = [&](const DeviceBuffer<unsigned char>& states, unsigned long long seed) {
    EXPECT_EQ(cudnnRestoreDropoutDescriptor(lstm.dropout, lstm.handle, 0.5f, states.data(), states.size(), seed),
              CUDNN_STATUS_SUCCESS);
    lstm.forward();  // fails at once where the schedule runs it at once
    EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
    return kind_of(take_finding());
  };
  EXPECT_EQ(found(zeros, 7), "library-state");
  EXPECT_EQ(found(*lstm.dropout_states, 8), "library-state");
  EXPECT_EQ(cudnnRestoreDropoutDescriptor(lstm.dropout, lstm.handle, 0.5f, zeros.data(), 8, 7), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(cudnnSetDropoutDescriptor(lstm.dropout, lstm.handle, 1.5f, zeros.data(), zeros.size(), 7),
            CUDNN_STATUS_BAD_PARAM);
  ASSERT_EQ(cudnnSetDropoutDescriptor(lstm.dropout, lstm.handle, 0.5f, nullptr, 0, 7), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm.forward(), CUDNN_STATUS_BAD_PARAM);
}

}  // namespace
}  // namespace simulated_gpu::test
