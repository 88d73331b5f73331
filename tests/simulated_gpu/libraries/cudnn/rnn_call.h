#pragma once

#include <cstdint>
#include <vector>

#include "libraries/cudnn/descriptors.h"
#include "libraries/cudnn/lstm.h"
#include "libraries/cudnn/sequences.h"
#include "libraries/cudnn/temp_space.h"

namespace simulated_gpu::cudnn {

// What all three calls of an RNN are given.
struct RnnArguments {
  const char* function;
  cudnnHandle_t handle;
  cudnnRNNDescriptor_t rnn;
  const int32_t* device_lengths;  // cuDNN does not read them since 8.9.1: null, or a copy of the descriptors'
  cudnnRNNDataDescriptor_t x, y;
  cudnnTensorDescriptor_t h, c;
  size_t weight_bytes;
  const void* weights;  // in backward weights: their gradients, which are added to
  size_t workspace_bytes;
  void* workspace;
  size_t reserve_bytes;
  void* reserve;  // null in inference
};

// Against each other, the documentation and the allocations.
cudnnStatus_t check_arguments(const RnnArguments& arguments, cudnnForwardMode_t mode);

// The arguments as they are when the call is made: the descriptors may change before the work runs. Its functions are
// for inside the work.
class RnnCall {
 public:
  explicit RnnCall(const RnnArguments& arguments);

  const cudnnRNNStruct rnn;
  const cudnnRNNDataStruct x, y;
  const Sequences sequences;

  // Checks what only the device knows, and spoils the workspace.
  void begin() const;
  LayerShape shape(int layer) const;
  LayerWeights weights(int layer) const;
  ReserveSpace reserve() const { return {rnn, x, arguments_.reserve}; }
  Fingerprint fingerprint() const;  // of shape and weights
  bool drops() const { return rate() > 0 && rnn.layers > 1; }
  float rate() const { return rnn.dropout ? dropout_.rate : 0; }
  const cudnnDropoutStruct& dropout() const { return dropout_; }
  int64_t values() const { return sequences.rows() * rnn.hidden; }  // of the outputs of a layer

  // States of all layers, layers x batch x hidden; zeros where the memory is null. Not written where it is null.
  States read_states(const void* memory, const char* name) const;
  void write_states(const States& states, void* memory, const char* name) const;
  States of_layer(const States& states, int layer) const;
  void put_layer(const States& layer_states, int layer, States& states) const;

 private:
  RnnArguments arguments_;
  cudnnDropoutStruct dropout_;
};

size_t data_bytes(const cudnnRNNDataStruct& data);
size_t state_bytes(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x);

// Dropout, and its derivative.
void apply_mask(const RnnCall& call, const uint8_t* mask, std::vector<float>& values);

uint64_t hash_values(const std::vector<float>& values);

}  // namespace simulated_gpu::cudnn
