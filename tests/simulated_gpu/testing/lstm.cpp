#include "testing/lstm.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

#include <cuda_fp16.h>

namespace simulated_gpu::test {
namespace {

void must_dnn(cudnnStatus_t status, const char* what) {
  if (status != CUDNN_STATUS_SUCCESS) throw std::runtime_error(std::string(what) + ": " + cudnnGetErrorString(status));
}

size_t bytes_of(cudnnDataType_t type) {
  return type == CUDNN_DATA_HALF ? 2 : 4;
}

void* address(const Lstm::Memory& memory) {
  return memory ? memory->data() : nullptr;
}

}  // namespace

std::vector<LstmParameter> lstm_parameters(const LstmShape& shape) {
  std::vector<LstmParameter> all;
  size_t next = 0;
  for (int layer = 0; layer < shape.layers; ++layer) {
    for (int part = 0; part < 8; ++part) {
      const int columns = layer == 0 && part < 4 ? shape.inputs : shape.hidden;
      const size_t matrix = next, bias = matrix + size_t(shape.hidden) * size_t(columns);
      all.push_back({layer, part, shape.hidden, columns, matrix, bias});
      next = bias + size_t(shape.hidden);
    }
  }
  return all;
}

size_t count_lstm_parameters(const LstmShape& shape) {
  return lstm_parameters(shape).back().bias + size_t(shape.hidden);
}

Lstm::Lstm(const LstmShape& shape) : shape_(shape) {
  must_dnn(cudnnCreate(&handle), "cudnnCreate");
  must_dnn(cudnnCreateRNNDescriptor(&rnn), "cudnnCreateRNNDescriptor");
  must_dnn(cudnnCreateRNNDataDescriptor(&x_descriptor), "cudnnCreateRNNDataDescriptor");
  must_dnn(cudnnCreateRNNDataDescriptor(&y_descriptor), "cudnnCreateRNNDataDescriptor");
  must_dnn(cudnnCreateTensorDescriptor(&state_descriptor), "cudnnCreateTensorDescriptor");
  must_dnn(cudnnCreateDropoutDescriptor(&dropout), "cudnnCreateDropoutDescriptor");
  size_t bytes = 0;
  must_dnn(cudnnDropoutGetStatesSize(handle, &bytes), "cudnnDropoutGetStatesSize");
  dropout_states.emplace(bytes);
  must_dnn(cudnnSetDropoutDescriptor(dropout, handle, shape.dropout, dropout_states->data(), bytes, 7),
           "cudnnSetDropoutDescriptor");
  must_dnn(cudnnSetRNNDescriptor_v8(rnn, shape.algorithm, CUDNN_LSTM, shape.bias, CUDNN_UNIDIRECTIONAL,
                                    CUDNN_LINEAR_INPUT, shape.type, CUDNN_DATA_FLOAT, shape.math, shape.inputs,
                                    shape.hidden, shape.hidden, shape.layers, dropout, CUDNN_RNN_PADDED_IO_ENABLED),
           "cudnnSetRNNDescriptor_v8");
  describe_sequences(shape.lengths);
  const int size[] = {shape.layers, shape.batch, shape.hidden},
            stride[] = {shape.batch * shape.hidden, shape.hidden, 1};
  must_dnn(cudnnSetTensorNdDescriptor(state_descriptor, shape.type, 3, size, stride), "cudnnSetTensorNdDescriptor");
  must_dnn(cudnnGetRNNWeightSpaceSize(handle, rnn, &weight_bytes), "cudnnGetRNNWeightSpaceSize");
  must_dnn(
      cudnnGetRNNTempSpaceSizes(handle, rnn, CUDNN_FWD_MODE_TRAINING, x_descriptor, &workspace_bytes, &reserve_bytes),
      "cudnnGetRNNTempSpaceSizes");
  for (Memory* memory : {&hx, &hy, &cx, &cy, &dhx, &dhy, &dcx, &dcy}) {
    memory->emplace(size_t(states()) * bytes_of(shape.type));
  }
  for (Memory* memory : {&x, &dx}) memory->emplace(vectors() * size_t(shape.inputs) * bytes_of(shape.type));
  for (Memory* memory : {&y, &dy}) memory->emplace(vectors() * size_t(shape.hidden) * bytes_of(shape.type));
  for (Memory* memory : {&weights, &weight_gradients}) memory->emplace(weight_bytes);
  workspace.emplace(workspace_bytes);
  reserve.emplace(reserve_bytes);
  clear_gradients();
}

Lstm::~Lstm() {
  cudnnDestroyDropoutDescriptor(dropout);
  cudnnDestroyTensorDescriptor(state_descriptor);
  cudnnDestroyRNNDataDescriptor(y_descriptor);
  cudnnDestroyRNNDataDescriptor(x_descriptor);
  cudnnDestroyRNNDescriptor(rnn);
  cudnnDestroy(handle);
}

void Lstm::describe_sequences(const std::vector<int>& lengths) const {
  float fill = 0;  // the same bits for halves
  must_dnn(cudnnSetRNNDataDescriptor(x_descriptor, shape_.type, shape_.layout, shape_.steps, shape_.batch,
                                     shape_.inputs, lengths.data(), nullptr),
           "cudnnSetRNNDataDescriptor");
  must_dnn(cudnnSetRNNDataDescriptor(y_descriptor, shape_.type, shape_.layout, shape_.steps, shape_.batch,
                                     shape_.hidden, lengths.data(), &fill),
           "cudnnSetRNNDataDescriptor");
}

// Asks where each parameter lies. Offsets are in bytes; a bias that does not exist is at SIZE_MAX.
void Lstm::each_part(const Memory& memory, const std::function<void(const LstmParameter&, size_t, size_t)>& use) const {
  cudnnTensorDescriptor_t matrix = nullptr, bias = nullptr;
  must_dnn(cudnnCreateTensorDescriptor(&matrix), "cudnnCreateTensorDescriptor");
  must_dnn(cudnnCreateTensorDescriptor(&bias), "cudnnCreateTensorDescriptor");
  for (const LstmParameter& parameter : lstm_parameters(shape_)) {
    void *matrix_address = nullptr, *bias_address = nullptr;
    must_dnn(cudnnGetRNNWeightParams(handle, rnn, parameter.layer, weight_bytes, memory->data(), parameter.part, matrix,
                                     &matrix_address, bias, &bias_address),
             "cudnnGetRNNWeightParams");
    const auto offset = [&](void* at) {
      return at ? size_t(static_cast<unsigned char*>(at) - memory->data()) : std::numeric_limits<size_t>::max();
    };
    use(parameter, offset(matrix_address), offset(bias_address));
  }
  cudnnDestroyTensorDescriptor(matrix);
  cudnnDestroyTensorDescriptor(bias);
}

void Lstm::set_parameters(const std::vector<float>& values) {
  each_part(weights, [&](const LstmParameter& parameter, size_t matrix, size_t bias) {
    const auto copy = [&](size_t to, size_t first, size_t count) {
      const auto bytes = encoded({values.begin() + int64_t(first), values.begin() + int64_t(first + count)});
      must(cudaMemcpy(weights->data() + to, bytes.data(), bytes.size(), cudaMemcpyHostToDevice));
    };
    copy(matrix, parameter.matrix, size_t(parameter.rows) * size_t(parameter.columns));
    if (bias != std::numeric_limits<size_t>::max()) copy(bias, parameter.bias, size_t(parameter.rows));
  });
}

std::vector<float> Lstm::gradients() const {
  std::vector<float> values(count_lstm_parameters(shape_), 0.0f);
  each_part(weight_gradients, [&](const LstmParameter& parameter, size_t matrix, size_t bias) {
    const auto copy = [&](size_t from, size_t first, size_t count) {
      std::vector<unsigned char> bytes(count * bytes_of(shape_.type));
      must(cudaMemcpy(bytes.data(), weight_gradients->data() + from, bytes.size(), cudaMemcpyDeviceToHost));
      const std::vector<float> part = decoded(bytes);
      std::copy(part.begin(), part.end(), values.begin() + int64_t(first));
    };
    copy(matrix, parameter.matrix, size_t(parameter.rows) * size_t(parameter.columns));
    if (bias != std::numeric_limits<size_t>::max()) copy(bias, parameter.bias, size_t(parameter.rows));
  });
  return values;
}

void Lstm::clear_gradients() const {
  must(cudaMemset(weight_gradients->data(), 0, weight_bytes));
}

size_t Lstm::vectors() const {
  if (shape_.layout != CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) return size_t(shape_.batch) * size_t(shape_.steps);
  size_t sum = 0;
  for (int length : shape_.lengths) sum += size_t(length);
  return sum;
}

size_t Lstm::place(int sequence, int step) const {
  if (shape_.layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED) return size_t(step * shape_.batch + sequence);
  if (shape_.layout == CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED) return size_t(sequence * shape_.steps + step);
  size_t before = 0;  // every step of all sequences before this one
  for (int length : shape_.lengths) before += size_t(std::min(length, step));
  return before + size_t(sequence);
}

void Lstm::set_rows(Memory& memory, const std::vector<float>& values, int width) const {
  const auto size = size_t(width);
  std::vector<float> all(vectors() * size, std::nanf(""));
  for (int sequence = 0; sequence < shape_.batch; ++sequence) {
    for (int step = 0; step < shape_.lengths[size_t(sequence)]; ++step) {
      const size_t from = size_t(sequence * shape_.steps + step) * size;
      std::copy_n(values.begin() + int64_t(from), width, all.begin() + int64_t(place(sequence, step) * size));
    }
  }
  const auto bytes = encoded(all);
  must(cudaMemcpy(memory->data(), bytes.data(), bytes.size(), cudaMemcpyHostToDevice));
}

std::vector<float> Lstm::rows(const Memory& memory, int width) const {
  const std::vector<float> all = decoded(memory->values());
  const bool packed = shape_.layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED;
  const auto size = size_t(width);
  std::vector<float> values(size_t(shape_.batch) * size_t(shape_.steps) * size, 0.0f);
  for (int sequence = 0; sequence < shape_.batch; ++sequence) {
    for (int step = 0; step < (packed ? shape_.lengths[size_t(sequence)] : shape_.steps); ++step) {
      const size_t to = size_t(sequence * shape_.steps + step) * size;
      std::copy_n(all.begin() + int64_t(place(sequence, step) * size), width, values.begin() + int64_t(to));
    }
  }
  return values;
}

void Lstm::set_states(Memory& memory, const std::vector<float>& values) const {
  const auto bytes = encoded(values);
  must(cudaMemcpy(memory->data(), bytes.data(), bytes.size(), cudaMemcpyHostToDevice));
}

std::vector<float> Lstm::read_states(const Memory& memory) const {
  return decoded(memory->values());
}

cudnnStatus_t Lstm::forward(cudnnForwardMode_t mode) {
  return cudnnRNNForward(handle, rnn, mode, device_lengths, x_descriptor, address(x), y_descriptor, address(y),
                         state_descriptor, address(hx), address(hy), state_descriptor, address(cx), address(cy),
                         weight_bytes, address(weights), workspace_bytes, address(workspace), reserve_bytes,
                         address(reserve));
}

cudnnStatus_t Lstm::backward_data() {
  return cudnnRNNBackwardData_v8(
      handle, rnn, device_lengths, y_descriptor, address(y), address(dy), x_descriptor, address(dx), state_descriptor,
      address(hx), address(dhy), address(dhx), state_descriptor, address(cx), address(dcy), address(dcx), weight_bytes,
      address(weights), workspace_bytes, address(workspace), reserve_bytes, address(reserve));
}

cudnnStatus_t Lstm::backward_weights(cudnnWgradMode_t mode) {
  return cudnnRNNBackwardWeights_v8(handle, rnn, mode, device_lengths, x_descriptor, address(x), state_descriptor,
                                    address(hx), y_descriptor, address(y), weight_bytes, address(weight_gradients),
                                    workspace_bytes, address(workspace), reserve_bytes, address(reserve));
}

std::vector<unsigned char> Lstm::encoded(const std::vector<float>& values) const {
  std::vector<unsigned char> bytes(values.size() * bytes_of(shape_.type));
  if (shape_.type == CUDNN_DATA_FLOAT) {
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
  }
  for (size_t n = 0; n < values.size(); ++n) {
    const __half half = __float2half(values[n]);
    std::memcpy(bytes.data() + n * sizeof half, &half, sizeof half);
  }
  return bytes;
}

std::vector<float> Lstm::decoded(const std::vector<unsigned char>& bytes) const {
  std::vector<float> values(bytes.size() / bytes_of(shape_.type));
  for (size_t n = 0; n < values.size(); ++n) {
    if (shape_.type == CUDNN_DATA_FLOAT) {
      std::memcpy(&values[n], bytes.data() + n * sizeof(float), sizeof(float));
    } else {
      __half half;
      std::memcpy(&half, bytes.data() + n * sizeof half, sizeof half);
      values[n] = __half2float(half);
    }
  }
  return values;
}

}  // namespace simulated_gpu::test
