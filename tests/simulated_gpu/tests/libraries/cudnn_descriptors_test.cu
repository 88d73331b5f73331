// Which arguments the descriptors of the cuDNN stand-in take: as cuDNN 9.19 answered where it was asked.
#include <string>

#include <cudnn.h>
#include <gtest/gtest.h>

namespace simulated_gpu::test {
namespace {

struct RnnSettings {
  cudnnRNNAlgo_t algorithm = CUDNN_RNN_ALGO_STANDARD;
  cudnnRNNMode_t cell = CUDNN_LSTM;
  cudnnRNNBiasMode_t bias = CUDNN_RNN_DOUBLE_BIAS;
  cudnnDataType_t type = CUDNN_DATA_FLOAT, precision = CUDNN_DATA_FLOAT;
  cudnnMathType_t math = CUDNN_DEFAULT_MATH;
  int input = 3, hidden = 4, projection = 4, layers = 2;
  uint32_t flags = CUDNN_RNN_PADDED_IO_ENABLED;
};

// The status for settings that `change` changes.
template <typename Change>
cudnnStatus_t rnn_status(Change change) {
  RnnSettings s;
  change(s);
  cudnnRNNDescriptor_t rnn = nullptr;
  EXPECT_EQ(cudnnCreateRNNDescriptor(&rnn), CUDNN_STATUS_SUCCESS);
  const cudnnStatus_t status =
      cudnnSetRNNDescriptor_v8(rnn, s.algorithm, s.cell, s.bias, CUDNN_UNIDIRECTIONAL, CUDNN_LINEAR_INPUT, s.type,
                               s.precision, s.math, s.input, s.hidden, s.projection, s.layers, nullptr, s.flags);
  EXPECT_EQ(cudnnDestroyRNNDescriptor(rnn), CUDNN_STATUS_SUCCESS);
  return status;
}

TEST(CudnnDescriptors, RnnTakesWhatCudnnTakes) {
  using S = RnnSettings;
  EXPECT_EQ(rnn_status([](S&) {}), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(rnn_status([](S& s) { s.type = CUDNN_DATA_HALF; }), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(rnn_status([](S& s) { s.algorithm = CUDNN_RNN_ALGO_PERSIST_STATIC; }), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(rnn_status([](S& s) { s.flags = 0; }), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(rnn_status([](S& s) { s.input = 0; }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.projection = 0; }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.layers = 0; }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.hidden = s.projection = 0; }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.flags = 2; }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.math = cudnnMathType_t(7); }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.cell = cudnnRNNMode_t(9); }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.algorithm = CUDNN_RNN_ALGO_COUNT; }), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(rnn_status([](S& s) { s.projection = 5; }), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(rnn_status([](S& s) { s.precision = CUDNN_DATA_HALF; }), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(rnn_status([](S& s) { s.type = CUDNN_DATA_INT8; }), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(rnn_status([](S& s) {
              s.algorithm = CUDNN_RNN_ALGO_PERSIST_STATIC;
              s.bias = CUDNN_RNN_NO_BIAS;
            }),
            CUDNN_STATUS_NOT_SUPPORTED);
}

cudnnStatus_t data_status(cudnnRNNDataLayout_t layout, std::vector<int> lengths, int steps = 5, int width = 3) {
  cudnnRNNDataDescriptor_t data = nullptr;
  EXPECT_EQ(cudnnCreateRNNDataDescriptor(&data), CUDNN_STATUS_SUCCESS);
  const cudnnStatus_t status = cudnnSetRNNDataDescriptor(data, CUDNN_DATA_FLOAT, layout, steps, int(lengths.size()),
                                                         width, lengths.data(), nullptr);
  EXPECT_EQ(cudnnDestroyRNNDataDescriptor(data), CUDNN_STATUS_SUCCESS);
  return status;
}

TEST(CudnnDescriptors, RnnDataTakesWhatCudnnTakes) {
  const auto unpacked = CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, packed = CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED;
  EXPECT_EQ(data_status(unpacked, {3, 5, 1}), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(data_status(unpacked, {3, 2, 0}), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(data_status(unpacked, {6, 2, 1}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(unpacked, {5, -1, 1}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(unpacked, {}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(unpacked, {5}, 0), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(unpacked, {5}, 5, 0), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(unpacked, {65535}, 65535), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(data_status(unpacked, {65536}, 65536), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(data_status(cudnnRNNDataLayout_t(3), {5}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(packed, {5, 3, 3}), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(data_status(packed, {3, 5, 1}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(packed, {4, 3, 1}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(data_status(packed, {5, 3, 0}), CUDNN_STATUS_BAD_PARAM);
}

TEST(CudnnDescriptors, TensorsTakeWhatCudnnTakes) {
  cudnnTensorDescriptor_t tensor = nullptr;
  ASSERT_EQ(cudnnCreateTensorDescriptor(&tensor), CUDNN_STATUS_SUCCESS);
  const auto status = [&](std::vector<int> size, std::vector<int> stride) {
    return cudnnSetTensorNdDescriptor(tensor, CUDNN_DATA_FLOAT, int(size.size()), size.data(), stride.data());
  };
  EXPECT_EQ(status({2}, {1}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(status({2, 0, 4}, {12, 4, 1}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(status({2, 3, 4}, {12, 4, 0}), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(status(std::vector<int>(9, 1), std::vector<int>(9, 1)), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status({100000, 100000, 4}, {400000, 4, 1}), CUDNN_STATUS_NOT_SUPPORTED);
  ASSERT_EQ(status({2, 3, 4}, {13, 4, 1}), CUDNN_STATUS_SUCCESS);
  size_t bytes = 0;
  ASSERT_EQ(cudnnGetTensorSizeInBytes(tensor, &bytes), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(bytes, (13 + 12) * sizeof(float));
  int dimensions = 0, size[3] = {}, stride[3] = {};
  cudnnDataType_t type = CUDNN_DATA_INT8;
  ASSERT_EQ(cudnnGetTensorNdDescriptor(tensor, 3, &type, &dimensions, size, stride), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(type, CUDNN_DATA_FLOAT);
  EXPECT_EQ(dimensions, 3);
  EXPECT_EQ(size[1], 3);
  EXPECT_EQ(stride[0], 13);
  EXPECT_EQ(cudnnDestroyTensorDescriptor(tensor), CUDNN_STATUS_SUCCESS);
}

TEST(CudnnDescriptors, SayWhatIsWrong) {
  EXPECT_EQ(cudnnCreateRNNDescriptor(nullptr), CUDNN_STATUS_BAD_PARAM);
  char text[256] = "";
  cudnnGetLastErrorString(text, sizeof text);
  EXPECT_NE(std::string(text), "");
  cudnnGetLastErrorString(text, sizeof text);
  EXPECT_EQ(std::string(text), "");
  EXPECT_STREQ(cudnnGetErrorString(CUDNN_STATUS_NOT_SUPPORTED), "CUDNN_STATUS_NOT_SUPPORTED");
  EXPECT_STREQ(cudnnGetErrorString(CUDNN_STATUS_EXECUTION_FAILED), "CUDNN_STATUS_EXECUTION_FAILED");
  EXPECT_EQ(cudnnGetVersion(), size_t(CUDNN_VERSION));
  EXPECT_EQ(cudnnDestroyRNNDescriptor(nullptr), CUDNN_STATUS_SUCCESS);
}

}  // namespace
}  // namespace simulated_gpu::test
