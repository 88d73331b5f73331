#include "libraries/cudnn/weight_space.h"

#include "libraries/cudnn/numbers.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {
namespace {

constexpr size_t kGap = 64;  // bytes behind every parameter; each starts at a multiple of it

int64_t inputs_of(const cudnnRNNStruct& rnn, int layer) {
  return layer == 0 ? rnn.input : rnn.hidden;
}

bool has_bias(cudnnRNNBiasMode_t mode, int part) {
  switch (mode) {
    case CUDNN_RNN_NO_BIAS:
      return false;
    case CUDNN_RNN_SINGLE_INP_BIAS:
      return part < kGates;
    case CUDNN_RNN_SINGLE_REC_BIAS:
      return part >= kGates;
    default:
      return true;
  }
}

// Calls use(parameter, its values) for all parameters of a layer.
template <typename Weights, typename Use>
void each_parameter(const cudnnRNNStruct& rnn, int layer, Weights& weights, Use use) {
  const WeightSpace space(rnn);
  const int64_t hidden = rnn.hidden, inputs = inputs_of(rnn, layer);
  for (int part = 0; part < kParts; ++part) {
    const bool recurrent = part >= kGates;
    auto& matrices = recurrent ? weights.recurrent : weights.input;
    use(space.matrix(layer, part), matrices.data() + part % kGates * hidden * (recurrent ? hidden : inputs));
    if (space.bias(layer, part).rows > 0) use(space.bias(layer, part), weights.bias.data() + part * hidden);
  }
}

}  // namespace

WeightSpace::WeightSpace(const cudnnRNNStruct& rnn)
    : matrices_(size_t(rnn.layers * kParts)), biases_(size_t(rnn.layers * kParts)) {
  const auto place = [&](Parameter& parameter, int64_t rows, int64_t columns) {
    parameter = {bytes_, rows, columns};
    bytes_ += (size_t(rows * columns) * bytes_of(rnn.type) / kGap + 2) * kGap;
  };
  for (int layer = rnn.layers - 1; layer >= 0; --layer) {
    for (int part = kParts - 1; part >= 0; --part) {
      const auto index = size_t(layer * kParts + part);
      if (has_bias(rnn.bias, part)) place(biases_[index], rnn.hidden, 1);
      place(matrices_[index], rnn.hidden, part < kGates ? inputs_of(rnn, layer) : rnn.hidden);
    }
  }
}

LayerWeights read_layer(const cudnnRNNStruct& rnn, int layer, const void* space, const char* name) {
  const auto gates = size_t(kGates * rnn.hidden);
  LayerWeights weights{std::vector<float>(gates * size_t(inputs_of(rnn, layer))),
                       std::vector<float>(gates * size_t(rnn.hidden)), std::vector<float>(2 * gates)};
  each_parameter(rnn, layer, weights, [&](const Parameter& parameter, float* values) {
    const auto* from = static_cast<const unsigned char*>(space) + parameter.offset;
    const auto count = size_t(parameter.rows * parameter.columns);
    simulated_gpu_reads(from, count * bytes_of(rnn.type), name);
    load(from, rnn.type, count, values);
  });
  return weights;
}

void write_layer(const cudnnRNNStruct& rnn, int layer, const LayerWeights& weights, void* space, const char* name) {
  each_parameter(rnn, layer, weights, [&](const Parameter& parameter, const float* from) {
    auto* to = static_cast<unsigned char*>(space) + parameter.offset;
    const auto count = size_t(parameter.rows * parameter.columns);
    simulated_gpu_writes(to, count * bytes_of(rnn.type), name);
    store(to, rnn.type, count, from);
  });
}

}  // namespace simulated_gpu::cudnn

using namespace simulated_gpu::cudnn;

namespace {

// No dimensions where the parameter does not exist.
void describe(cudnnTensorDescriptor_t tensor, cudnnDataType_t type, const Parameter& parameter) {
  *tensor = {true, type, parameter.rows == 0 ? 0 : 3, {}, {}};
  if (parameter.rows == 0) return;
  const int rows = int(parameter.rows), columns = int(parameter.columns);
  const int size[] = {1, rows, columns}, stride[] = {rows * columns, columns, 1};
  for (int n = 0; n < 3; ++n) {
    tensor->size[n] = size[n];
    tensor->stride[n] = stride[n];
  }
}

void* address_of(const void* space, const Parameter& parameter) {
  if (parameter.rows == 0) return nullptr;
  return const_cast<unsigned char*>(static_cast<const unsigned char*>(space) + parameter.offset);
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnGetRNNWeightSpaceSize(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, size_t* bytes) {
  if (!is_live(handle) || !is_ready(rnn) || !bytes) return bad("no handle, RNN or place for the size");
  *bytes = WeightSpace(*rnn).bytes();
  return CUDNN_STATUS_SUCCESS;
}

// Part 8 is the projection, which there is none of.
cudnnStatus_t cudnnGetRNNWeightParams(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, int32_t layer, size_t bytes,
                                      const void* space, int32_t part, cudnnTensorDescriptor_t matrix,
                                      void** matrix_address, cudnnTensorDescriptor_t bias, void** bias_address) {
  if (!is_live(handle) || !is_ready(rnn) || !space) return bad("no handle, RNN or weight space");
  if (!is_live(matrix) || !is_live(bias) || !matrix_address || !bias_address) return bad("nowhere to put the answer");
  if (layer < 0 || layer >= rnn->layers || part < 0 || part > kParts) return bad("no such layer or part");
  const WeightSpace all(*rnn);
  if (bytes < all.bytes()) return bad("the weight space is too small");
  const Parameter found_matrix = part < kParts ? all.matrix(layer, part) : Parameter{};
  const Parameter found_bias = part < kParts ? all.bias(layer, part) : Parameter{};
  describe(matrix, rnn->type, found_matrix);
  describe(bias, rnn->type, found_bias);
  *matrix_address = address_of(space, found_matrix);
  *bias_address = address_of(space, found_bias);
  return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
