#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <cudnn.h>

#include "testing/device_buffer.h"

namespace simulated_gpu::test {

struct LstmShape {
  int layers = 1, batch = 1, steps = 1, inputs = 1, hidden = 1;
  std::vector<int> lengths;  // of the sequences
  cudnnRNNDataLayout_t layout = CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED;
  cudnnRNNBiasMode_t bias = CUDNN_RNN_DOUBLE_BIAS;
  cudnnRNNAlgo_t algorithm = CUDNN_RNN_ALGO_STANDARD;
  cudnnDataType_t type = CUDNN_DATA_FLOAT;
  cudnnMathType_t math = CUDNN_FMA_MATH;
  float dropout = 0;
};

// The parameters of all layers in one vector: layer by layer, part by part (input i, f, g, o, then the same
// recurrent) a matrix, hidden x columns, and behind it its bias.
struct LstmParameter {
  int layer, part, rows, columns;
  size_t matrix, bias;  // where they begin
};
std::vector<LstmParameter> lstm_parameters(const LstmShape& shape);
size_t count_lstm_parameters(const LstmShape& shape);

// An LSTM with everything that cuDNN wants for it. What tests get wrong on purpose is public. Vectors of sequences are
// batch x steps x width for the tests, whatever the layout in memory; padding goes in as NaN.
class Lstm {
 public:
  explicit Lstm(const LstmShape& shape);
  ~Lstm();
  Lstm(const Lstm&) = delete;
  Lstm& operator=(const Lstm&) = delete;

  const LstmShape& shape() const { return shape_; }
  int64_t states() const { return int64_t{shape_.layers} * shape_.batch * shape_.hidden; }

  void set_parameters(const std::vector<float>& values);
  std::vector<float> gradients() const;  // as the parameters
  void clear_gradients() const;

  using Memory = std::optional<DeviceBuffer<unsigned char>>;
  void set_rows(Memory& memory, const std::vector<float>& values, int width) const;
  std::vector<float> rows(const Memory& memory, int width) const;  // padding as it is in memory
  void set_states(Memory& memory, const std::vector<float>& values) const;
  std::vector<float> read_states(const Memory& memory) const;

  cudnnStatus_t forward(cudnnForwardMode_t mode = CUDNN_FWD_MODE_TRAINING);
  cudnnStatus_t backward_data();
  cudnnStatus_t backward_weights(cudnnWgradMode_t mode = CUDNN_WGRAD_MODE_ADD);
  void describe_sequences(const std::vector<int>& lengths) const;  // in x and y

  cudnnHandle_t handle = nullptr;
  cudnnRNNDescriptor_t rnn = nullptr;
  cudnnRNNDataDescriptor_t x_descriptor = nullptr, y_descriptor = nullptr;
  cudnnTensorDescriptor_t state_descriptor = nullptr;
  cudnnDropoutDescriptor_t dropout = nullptr;
  size_t weight_bytes = 0, workspace_bytes = 0, reserve_bytes = 0;
  const int32_t* device_lengths = nullptr;
  Memory x, y, hx, hy, cx, cy, dx, dy, dhx, dhy, dcx, dcy;
  Memory weights, weight_gradients, workspace, reserve, dropout_states;

 private:
  void each_part(const Memory& memory,
                 const std::function<void(const LstmParameter&, size_t matrix, size_t bias)>& use) const;
  size_t place(int sequence, int step) const;  // which vector in memory
  size_t vectors() const;
  std::vector<unsigned char> encoded(const std::vector<float>& values) const;
  std::vector<float> decoded(const std::vector<unsigned char>& bytes) const;

  LstmShape shape_;
};

}  // namespace simulated_gpu::test
