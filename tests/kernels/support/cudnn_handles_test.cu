// cuDNN through its owners: three training steps of a small LSTM, and what errors say.
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/context.h"
#include "kernels/support/cudnn_handles.cuh"
#include "kernels/support/error.h"
#include "kernels/support/transfer.cuh"
#include "tests/support/cuda_device.h"

namespace matinee {
namespace {

class CudnnHandles : public testing::Test {
 protected:
  void SetUp() override { MATINEE_NEEDS_CUDA(); }
};

constexpr int kSteps = 3, kInputs = 2, kHidden = 4;
const std::vector<int> kLengths = {3, 1, 2};

// An LSTM of one layer whose weights are all the same.
struct Network {
  explicit Network(CudaResources& resources)
      : cuda(resources),
        dropout(resources, 0, 1),
        rnn({.inputs = kInputs, .hidden = kHidden}, dropout),
        x(CUDNN_DATA_FLOAT, CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, kSteps, kInputs, kLengths),
        y(CUDNN_DATA_FLOAT, CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, kSteps, kHidden, kLengths),
        states(CUDNN_DATA_FLOAT, 1, 3, kHidden),
        weights(resources, rnn.weight_bytes(resources.dnn())),
        gradients(resources, weights.size()) {
    weights.clear();
    for (int part = 0; part < 8; ++part) {
      const LstmParameter found = parameter(part);
      fill(found.matrix, found.rows * found.columns, 0.25f);
      fill(found.bias, found.rows, 0.125f);
    }
  }

  LstmParameter parameter(int part) { return rnn.parameter(cuda.dnn(), 0, part, weights.data(), weights.bytes()); }
  void fill(void* to, int count, float value) {
    const auto values = uploaded<float>(cuda, std::vector<float>(static_cast<std::size_t>(count), value));
    check_cuda(cudaMemcpyAsync(to, values.data(), static_cast<std::size_t>(values.bytes()), cudaMemcpyDeviceToDevice,
                               cuda.stream()),
               "cudaMemcpyAsync");
  }

  CudaResources& cuda;
  DropoutDescriptor dropout;
  RnnDescriptor rnn;
  RnnDataDescriptor x, y;
  TensorDescriptor states;
  DeviceBuffer<unsigned char> weights, gradients;
};

// Of all that is the same in every unit, one unit's outputs.
std::vector<double> expected_outputs(const std::vector<float>& inputs) {
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  std::vector<double> outputs;
  double c = 0, h = 0;
  for (const float input : inputs) {
    const double sum = 0.25 * kInputs * double{input} + 0.25 * kHidden * h + 2 * 0.125;
    c = sigmoid(sum) * c + sigmoid(sum) * std::tanh(sum);
    h = sigmoid(sum) * std::tanh(c);
    outputs.push_back(h);
  }
  return outputs;
}

TEST_F(CudnnHandles, TrainAnLstmForThreeSteps) {
  Context context(test::cuda_device(), 1);
  CudaResources& cuda = context.cuda();
  Network network(cuda);
  const int vectors = kSteps * 3;
  const std::vector<float> inputs(static_cast<std::size_t>(vectors * kInputs), 0.5f);
  const std::vector<float> ones(static_cast<std::size_t>(vectors * kHidden), 1.0f);
  const auto x = uploaded<float>(cuda, inputs), dy = uploaded<float>(cuda, ones);
  DeviceBuffer<float> y(cuda, vectors * kHidden), dx(cuda, vectors * kInputs);
  const auto temp = network.rnn.temp_bytes(cuda.dnn(), CUDNN_FWD_MODE_TRAINING, network.x);
  DeviceBuffer<unsigned char> workspace(cuda, temp.workspace), reserve(cuda, temp.reserve);
  const auto workspace_bytes = static_cast<std::size_t>(temp.workspace);
  const auto reserve_bytes = static_cast<std::size_t>(temp.reserve);
  const auto weight_bytes = static_cast<std::size_t>(network.weights.bytes());
  const cudnnRNNDescriptor_t rnn = network.rnn.get();
  const cudnnTensorDescriptor_t states = network.states.get();
  for (int step = 0; step < 3; ++step) {
    network.gradients.clear();
    check_cudnn(
        cudnn().rnn_forward(cuda.dnn(), rnn, CUDNN_FWD_MODE_TRAINING, nullptr, network.x.get(), x.data(),
                            network.y.get(), y.data(), states, nullptr, nullptr, states, nullptr, nullptr, weight_bytes,
                            network.weights.data(), workspace_bytes, workspace.data(), reserve_bytes, reserve.data()),
        "cudnnRNNForward");
    check_cudnn(cudnn().rnn_backward_data(cuda.dnn(), rnn, nullptr, network.y.get(), y.data(), dy.data(),
                                          network.x.get(), dx.data(), states, nullptr, nullptr, nullptr, states,
                                          nullptr, nullptr, nullptr, weight_bytes, network.weights.data(),
                                          workspace_bytes, workspace.data(), reserve_bytes, reserve.data()),
                "cudnnRNNBackwardData_v8");
    check_cudnn(
        cudnn().rnn_backward_weights(cuda.dnn(), rnn, CUDNN_WGRAD_MODE_ADD, nullptr, network.x.get(), x.data(), states,
                                     nullptr, network.y.get(), y.data(), weight_bytes, network.gradients.data(),
                                     workspace_bytes, workspace.data(), reserve_bytes, reserve.data()),
        "cudnnRNNBackwardWeights_v8");
    std::vector<float> outputs(ones.size());
    download(cuda, std::span(outputs), y);
    const std::vector<double> expected = expected_outputs({0.5f, 0.5f, 0.5f});
    for (int vector = 0; vector < vectors; ++vector) {
      const int sequence = vector / kSteps, at = vector % kSteps;
      const bool padding = at >= kLengths[static_cast<std::size_t>(sequence)];
      for (int unit = 0; unit < kHidden; ++unit) {
        ASSERT_NEAR(outputs[static_cast<std::size_t>(vector * kHidden + unit)],
                    padding ? 0 : expected[static_cast<std::size_t>(at)], 1e-6);
      }
    }
  }
}

TEST_F(CudnnHandles, ParametersHaveTheShapesOfTheirGates) {
  Context context(test::cuda_device(), 1);
  Network network(context.cuda());
  for (int part = 0; part < 8; ++part) {
    const LstmParameter found = network.parameter(part);
    EXPECT_EQ(found.rows, kHidden);
    EXPECT_EQ(found.columns, part < 4 ? kInputs : kHidden);
    EXPECT_NE(found.matrix, nullptr);
    EXPECT_NE(found.bias, nullptr);
  }
}

TEST_F(CudnnHandles, ErrorsNameTheFunctionAndTheStatus) {
  Context context(test::cuda_device(), 1);
  context.cuda().dnn();
  try {
    const TensorDescriptor none(CUDNN_DATA_FLOAT, 1, 0, 3);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDevice);
    EXPECT_THAT(error.what(), testing::HasSubstr("cudnnSetTensorNdDescriptor failed at kernels/support/cudnn_handles"));
    EXPECT_THAT(error.what(), testing::HasSubstr("CUDNN_STATUS_BAD_PARAM"));
  }
}

TEST_F(CudnnHandles, DropoutKeepsItsOwnStates) {
  Context context(test::cuda_device(), 1);
  CudaResources& cuda = context.cuda();
  const int64_t before = cuda.memory().held();
  {
    DropoutDescriptor dropout(cuda, 0.5f, 1);
    EXPECT_GT(cuda.memory().held(), before);
    dropout.reseed(2);
    const DropoutDescriptor none(cuda, 0, 1);
  }
  EXPECT_EQ(cuda.memory().held(), before);
}

}  // namespace
}  // namespace matinee
