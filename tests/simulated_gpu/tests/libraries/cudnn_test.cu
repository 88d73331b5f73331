// What the cuDNN stand-in refuses, and what it finds out when the work runs.
#include <cmath>
#include <functional>
#include <memory>

#include <cudnn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/lstm.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

class Cudnn : public testing::Test {
 protected:
  void SetUp() override { set_checks(true); }
  void TearDown() override {
    EXPECT_EQ(take_finding(), "");
    set_checks(false);
  }

  static LstmShape small() { return {2, 3, 4, 5, 6, {4, 2, 3}}; }
  // With ones everywhere.
  static std::unique_ptr<Lstm> filled(const LstmShape& shape = small()) {
    auto lstm = std::make_unique<Lstm>(shape);
    const auto ones = [](int64_t count) { return std::vector<float>(size_t(count), 1.0f); };
    lstm->set_parameters(std::vector<float>(count_lstm_parameters(shape), 0.1f));
    lstm->set_rows(lstm->x, ones(int64_t(shape.batch) * shape.steps * shape.inputs), shape.inputs);
    lstm->set_rows(lstm->dy, ones(int64_t(shape.batch) * shape.steps * shape.hidden), shape.hidden);
    for (Lstm::Memory* memory : {&lstm->hx, &lstm->cx, &lstm->dhy, &lstm->dcy}) {
      lstm->set_states(*memory, ones(lstm->states()));
    }
    return lstm;
  }
  // The finding that the work of a call leads to. Where the schedule runs it at once, the call already fails.
  static std::string finding(cudnnStatus_t status) {
    EXPECT_THAT(status, testing::AnyOf(CUDNN_STATUS_SUCCESS, CUDNN_STATUS_EXECUTION_FAILED));
    EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
    return take_finding();
  }
};

TEST_F(Cudnn, DoesAWholeTrainingStep) {
  const auto lstm = filled();
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->backward_data(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->backward_weights(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
}

// Weights that are copied to where cuDNN has them are not where this stand-in reads them.
TEST_F(Cudnn, WeightsAreNotWhereCudnnHasThem) {
  const auto lstm = filled();
  cudnnTensorDescriptor_t matrix = nullptr, bias = nullptr;
  ASSERT_EQ(cudnnCreateTensorDescriptor(&matrix), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(cudnnCreateTensorDescriptor(&bias), CUDNN_STATUS_SUCCESS);
  const auto find = [&](int layer, int part, size_t bytes, void*& at, void*& bias_at) {
    return cudnnGetRNNWeightParams(lstm->handle, lstm->rnn, layer, bytes, lstm->weights->data(), part, matrix, &at,
                                   bias, &bias_at);
  };
  void *first = nullptr, *last = nullptr, *bias_at = nullptr;
  ASSERT_EQ(find(0, 0, lstm->weight_bytes, first, bias_at), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(find(1, 7, lstm->weight_bytes, last, bias_at), CUDNN_STATUS_SUCCESS);
  EXPECT_NE(first, lstm->weights->data());
  EXPECT_GT(first, last);
  EXPECT_EQ(bias_at, lstm->weights->data());
  EXPECT_EQ(find(0, 8, lstm->weight_bytes, first, bias_at), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(first, nullptr);  // no projection
  EXPECT_EQ(find(2, 0, lstm->weight_bytes, first, bias_at), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(find(0, 9, lstm->weight_bytes, first, bias_at), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(find(0, 0, lstm->weight_bytes - 1, first, bias_at), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(cudnnDestroyTensorDescriptor(matrix), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(cudnnDestroyTensorDescriptor(bias), CUDNN_STATUS_SUCCESS);
}

TEST_F(Cudnn, RefusesSpacesThatAreTooSmall) {
  for (const auto bytes : {&Lstm::weight_bytes, &Lstm::workspace_bytes, &Lstm::reserve_bytes}) {
    const auto lstm = filled();
    (*lstm).*bytes -= 1;
    EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
    EXPECT_EQ(lstm->backward_data(), CUDNN_STATUS_BAD_PARAM);
    EXPECT_EQ(lstm->backward_weights(), CUDNN_STATUS_BAD_PARAM);
  }
}

TEST_F(Cudnn, FindsMemoryThatIsTooSmallOrMissing) {
  for (const auto memory : {&Lstm::x, &Lstm::y, &Lstm::hx, &Lstm::cy, &Lstm::weights, &Lstm::workspace}) {
    const auto lstm = filled();
    const size_t bytes = ((*lstm).*memory)->size();
    ((*lstm).*memory).emplace(bytes - 4);
    EXPECT_EQ(lstm->forward(), CUDNN_STATUS_EXECUTION_FAILED);
    EXPECT_EQ(kind_of(take_finding()), "out-of-bounds");
  }
  for (const auto memory : {&Lstm::x, &Lstm::y, &Lstm::weights, &Lstm::workspace, &Lstm::reserve}) {
    const auto lstm = filled();
    ((*lstm).*memory).reset();
    EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
  }
}

TEST_F(Cudnn, RefusesDescriptorsThatDoNotGoTogether) {
  const auto lstm = filled();
  const int lengths[] = {4, 2, 2}, other_size[] = {2, 3, 5}, other_stride[] = {15, 5, 1};
  ASSERT_EQ(
      cudnnSetRNNDataDescriptor(lstm->y_descriptor, CUDNN_DATA_FLOAT, lstm->shape().layout, 4, 3, 6, lengths, nullptr),
      CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
  lstm->describe_sequences(small().lengths);
  ASSERT_EQ(cudnnSetTensorNdDescriptor(lstm->state_descriptor, CUDNN_DATA_FLOAT, 3, other_size, other_stride),
            CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
  const int size[] = {2, 3, 6}, gaps[] = {24, 6, 1};
  ASSERT_EQ(cudnnSetTensorNdDescriptor(lstm->state_descriptor, CUDNN_DATA_FLOAT, 3, size, gaps), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
}

TEST_F(Cudnn, RefusesWhatIsNotSet) {
  const auto lstm = filled();
  cudnnRNNDescriptor_t unset = nullptr;
  ASSERT_EQ(cudnnCreateRNNDescriptor(&unset), CUDNN_STATUS_SUCCESS);
  std::swap(unset, lstm->rnn);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
  std::swap(unset, lstm->rnn);
  EXPECT_EQ(cudnnDestroyRNNDescriptor(unset), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(cudnnDestroyRNNDescriptor(unset), CUDNN_STATUS_BAD_PARAM);
  ASSERT_EQ(cudnnDestroyDropoutDescriptor(lstm->dropout), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
  lstm->dropout = nullptr;
  ASSERT_EQ(cudnnDestroy(lstm->handle), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
  lstm->handle = nullptr;
}

TEST_F(Cudnn, RefusesUnpackedDataWithoutPaddedIo) {
  const auto lstm = filled();
  ASSERT_EQ(cudnnSetRNNDescriptor_v8(lstm->rnn, CUDNN_RNN_ALGO_STANDARD, CUDNN_LSTM, CUDNN_RNN_DOUBLE_BIAS,
                                     CUDNN_UNIDIRECTIONAL, CUDNN_LINEAR_INPUT, CUDNN_DATA_FLOAT, CUDNN_DATA_FLOAT,
                                     CUDNN_FMA_MATH, 5, 6, 6, 2, nullptr, CUDNN_RNN_PADDED_IO_DISABLED),
            CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_BAD_PARAM);
}

TEST_F(Cudnn, RefusesSequencesWithoutSteps) {
  const auto lstm = filled();
  lstm->describe_sequences({4, 0, 3});
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_NOT_SUPPORTED);
}

TEST_F(Cudnn, PersistentKernelsTakeEqualLengthsAndFewSizes) {
  const auto status = [&](int hidden, std::vector<int> lengths) {
    LstmShape shape{1, 2, 3, 4, hidden, std::move(lengths)};
    shape.algorithm = CUDNN_RNN_ALGO_PERSIST_STATIC;
    return filled(shape)->forward();
  };
  EXPECT_EQ(status(64, {3, 3}), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(status(64, {3, 2}), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(50, {3, 3}), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(928, {3, 3}), CUDNN_STATUS_NOT_SUPPORTED);
}

TEST_F(Cudnn, FindsInputsNeverWritten) {
  for (const auto memory : {&Lstm::x, &Lstm::hx, &Lstm::weights}) {
    const auto lstm = filled();
    const size_t bytes = ((*lstm).*memory)->size();
    ((*lstm).*memory).emplace(bytes);
    EXPECT_EQ(kind_of(finding(lstm->forward())), "uninitialised");
  }
}

TEST_F(Cudnn, FindsGradientsThatNobodyCleared) {
  const auto lstm = filled();
  lstm->weight_gradients.emplace(lstm->weight_bytes);
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->backward_data(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(lstm->backward_weights(CUDNN_WGRAD_MODE_SET), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(kind_of(finding(lstm->backward_weights())), "uninitialised");
}

// Each calls backward with something that is not as forward left it.
TEST_F(Cudnn, FindsBackwardThatDoesNotBelongToItsForward) {
  const auto poke = [](const Lstm::Memory& memory, size_t byte) { must(cudaMemset(memory->data() + byte, 1, 1)); };
  const std::pair<const char*, std::function<void(Lstm&)>> mistakes[] = {
      {"reserve space was changed", [&](Lstm& lstm) { poke(lstm.reserve, lstm.reserve_bytes / 2); }},
      {"weights are not those",
       [](Lstm& lstm) { lstm.set_parameters(std::vector<float>(count_lstm_parameters(lstm.shape()), 0.2f)); }},
      {"y is not that", [&](Lstm& lstm) { poke(lstm.y, 0); }},
      {"hx is not that", [&](Lstm& lstm) { poke(lstm.hx, 0); }},
      {"cx is not that", [&](Lstm& lstm) { poke(lstm.cx, 0); }},
      {"other sequences",
       [](Lstm& lstm) {
         lstm.describe_sequences({4, 2, 2});
       }},
      {"or was used", [](Lstm& lstm) { EXPECT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS); }},
  };
  for (const auto& [text, make_mistake] : mistakes) {
    const auto lstm = filled();
    ASSERT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
    make_mistake(*lstm);
    EXPECT_THAT(finding(lstm->backward_data()), testing::HasSubstr(text));
  }
}

TEST_F(Cudnn, FindsWeightGradientsOutOfOrder) {
  const auto step = [&](const std::function<void(Lstm&)>& before) {
    const auto lstm = filled();
    EXPECT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
    before(*lstm);
    return finding(lstm->backward_weights());
  };
  EXPECT_THAT(step([](Lstm&) {}), testing::HasSubstr("is not from cudnnRNNBackwardData_v8"));
  EXPECT_THAT(step([](Lstm& lstm) {
                EXPECT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
                EXPECT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
              }),
              testing::HasSubstr("or was used"));
  EXPECT_THAT(step([](Lstm& lstm) {
                EXPECT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
                must(cudaMemset(lstm.x->data(), 1, 1));
              }),
              testing::HasSubstr("x is not that"));
}

TEST_F(Cudnn, ReserveSpaceOfInferenceIsNoneOfTraining) {
  const auto lstm = filled();
  must(cudaMemset(lstm->reserve->data(), 0, lstm->reserve_bytes));
  ASSERT_EQ(lstm->forward(CUDNN_FWD_MODE_INFERENCE), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(kind_of(finding(lstm->backward_data())), "library-state");
}

TEST_F(Cudnn, LengthsOnTheDeviceMayBeLeftOutButNotDiffer) {
  const auto lstm = filled();
  const DeviceBuffer<int32_t> same(std::vector<int32_t>{4, 2, 3}), others(std::vector<int32_t>{4, 3, 2}), few(2);
  lstm->device_lengths = same.data();
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
  lstm->device_lengths = few.data();
  EXPECT_EQ(lstm->forward(), CUDNN_STATUS_EXECUTION_FAILED);
  EXPECT_EQ(kind_of(take_finding()), "out-of-bounds");
  lstm->device_lengths = others.data();
  EXPECT_THAT(finding(lstm->forward()), testing::HasSubstr("devSeqLengths"));
}

TEST_F(Cudnn, SpoilsItsWorkspace) {
  const auto lstm = filled();
  must(cudaMemset(lstm->workspace->data(), 0, lstm->workspace_bytes));
  ASSERT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
  const std::vector<unsigned char> bytes = lstm->workspace->values();
  EXPECT_EQ(bytes, std::vector<unsigned char>(bytes.size(), 0xff));
}

// Padding of which nothing is said holds no number.
TEST_F(Cudnn, LeavesPaddingUndefinedWithoutAFill) {
  const auto lstm = filled();
  const int lengths[] = {4, 2, 3};
  ASSERT_EQ(
      cudnnSetRNNDataDescriptor(lstm->y_descriptor, CUDNN_DATA_FLOAT, lstm->shape().layout, 4, 3, 6, lengths, nullptr),
      CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
  const std::vector<float> y = lstm->rows(lstm->y, 6);
  EXPECT_FALSE(std::isnan(y[(1 * 4 + 1) * 6]));
  EXPECT_TRUE(std::isnan(y[(1 * 4 + 2) * 6]));
}

TEST_F(Cudnn, RunsInItsStream) {
  set_schedule(Order::kForward);  // runs nothing that no wait needs
  cudaStream_t stream = nullptr, other = nullptr;
  must(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  must(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking));
  {
    const auto lstm = filled();
    must(cudaMemset(lstm->hy->data(), 0, lstm->hy->size()));
    must(cudaDeviceSynchronize());
    ASSERT_EQ(cudnnSetStream(lstm->handle, stream), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm->forward(), CUDNN_STATUS_SUCCESS);
    std::vector<float> out(size_t(lstm->states()));
    must(cudaMemcpyAsync(out.data(), lstm->hy->data(), lstm->hy->size(), cudaMemcpyDeviceToHost, stream));
    must(cudaStreamSynchronize(other));
    EXPECT_EQ(out[0], 0.0f);
    must(cudaStreamSynchronize(stream));
    EXPECT_NE(out[0], 0.0f);
  }
  must(cudaStreamDestroy(stream));
  must(cudaStreamDestroy(other));
}

}  // namespace
}  // namespace simulated_gpu::test
