#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libraries/cudnn/descriptors.h"

namespace simulated_gpu::cudnn {

constexpr int kGates = 4;           // input, forget, cell, output
constexpr int kParts = 2 * kGates;  // of the input, then the same recurrent

// A matrix or a bias in the weight space.
struct Parameter {
  size_t offset = 0;              // bytes
  int64_t rows = 0, columns = 0;  // rows 0: there is none
};

// Where everything lies, deliberately unlike in cuDNN: the last layer first, recurrent before input, the last gate
// first, every bias before its matrix, gaps between them.
class WeightSpace {
 public:
  explicit WeightSpace(const cudnnRNNStruct& rnn);
  size_t bytes() const { return bytes_; }
  const Parameter& matrix(int layer, int part) const { return matrices_[size_t(layer * kParts + part)]; }
  const Parameter& bias(int layer, int part) const { return biases_[size_t(layer * kParts + part)]; }

 private:
  std::vector<Parameter> matrices_, biases_;
  size_t bytes_ = 0;
};

// The parameters of one layer, or their gradients; part by part.
struct LayerWeights {
  std::vector<float> input;      // 4 hidden x inputs
  std::vector<float> recurrent;  // 4 hidden x hidden
  std::vector<float> bias;       // 2 x 4 hidden; zero where there is none
};

// Inside work. Gradients that nobody initialised stop it.
LayerWeights read_layer(const cudnnRNNStruct& rnn, int layer, const void* space, const char* name);
void write_layer(const cudnnRNNStruct& rnn, int layer, const LayerWeights& weights, void* space, const char* name);

}  // namespace simulated_gpu::cudnn
