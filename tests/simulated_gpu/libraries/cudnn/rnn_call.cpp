#include "libraries/cudnn/rnn_call.h"

#include <algorithm>
#include <string>

#include "libraries/cudnn/dropout.h"
#include "libraries/cudnn/numbers.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {

RnnCall::RnnCall(const RnnArguments& arguments)
    : rnn(*arguments.rnn),
      x(*arguments.x),
      y(*arguments.y),
      sequences(x.lengths),
      arguments_(arguments),
      dropout_(rnn.dropout ? *rnn.dropout : cudnnDropoutStruct{}) {}

void RnnCall::begin() const {
  const int32_t* given = arguments_.device_lengths;
  if (given) {
    simulated_gpu_reads(given, x.lengths.size() * sizeof(int32_t), "devSeqLengths");
    if (!std::equal(x.lengths.begin(), x.lengths.end(), given)) {
      const std::string text = std::string(arguments_.function) + ": devSeqLengths are not those of the descriptors";
      simulated_gpu_stop_work("library-state", text.c_str());
    }
  }
  spoil_workspace(arguments_.workspace, arguments_.workspace_bytes);
}

LayerShape RnnCall::shape(int layer) const {
  return {layer == 0 ? rnn.input : rnn.hidden, rnn.hidden, rnn.type, rounding_of(rnn.type, rnn.math)};
}

LayerWeights RnnCall::weights(int layer) const {
  return read_layer(rnn, layer, arguments_.weights, arguments_.function);
}

Fingerprint RnnCall::fingerprint() const {
  Fingerprint now;
  const float dropped = rate();
  now.shape = hash(&dropped, sizeof dropped, hash_shape(rnn, x));
  for (int layer = 0; layer < rnn.layers; ++layer) {
    const LayerWeights layer_weights = weights(layer);
    for (const auto* part : {&layer_weights.input, &layer_weights.recurrent, &layer_weights.bias}) {
      now.weights = hash(part->data(), part->size() * sizeof(float), now.weights);
    }
  }
  return now;
}

States RnnCall::read_states(const void* memory, const char* name) const {
  States states(size_t(rnn.layers) * size_t(x.batch) * size_t(rnn.hidden), 0.0f);
  if (!memory) return states;
  simulated_gpu_reads(memory, state_bytes(rnn, x), name);
  load(memory, rnn.type, states.size(), states.data());
  return states;
}

void RnnCall::write_states(const States& states, void* memory, const char* name) const {
  if (!memory) return;
  simulated_gpu_writes(memory, state_bytes(rnn, x), name);
  store(memory, rnn.type, states.size(), states.data());
}

States RnnCall::of_layer(const States& states, int layer) const {
  const auto size = int64_t{x.batch} * rnn.hidden;
  return {states.begin() + layer * size, states.begin() + (layer + 1) * size};
}

void RnnCall::put_layer(const States& layer_states, int layer, States& states) const {
  std::copy(layer_states.begin(), layer_states.end(), states.begin() + layer * int64_t(layer_states.size()));
}

size_t data_bytes(const cudnnRNNDataStruct& data) {
  return size_t(vectors_of(data)) * size_t(data.width) * bytes_of(data.type);
}

size_t state_bytes(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x) {
  return size_t(rnn.layers) * size_t(x.batch) * size_t(rnn.hidden) * bytes_of(rnn.type);
}

void apply_mask(const RnnCall& call, const uint8_t* mask, std::vector<float>& values) {
  if (!call.drops()) return;
  const float scale = kept_scale(call.rate());
  for (size_t n = 0; n < values.size(); ++n) values[n] = mask[n] ? stored(values[n] * scale, call.rnn.type) : 0;
}

uint64_t hash_values(const std::vector<float>& values) {
  return hash(values.data(), values.size() * sizeof(float));
}

}  // namespace simulated_gpu::cudnn
