#pragma once

#include <cstdint>
#include <vector>

#include "libraries/cudnn/numbers.h"
#include "libraries/cudnn/sequences.h"
#include "libraries/cudnn/weight_space.h"

namespace simulated_gpu::cudnn {

// One layer of an LSTM (Hochreiter and Schmidhuber 1997, with forget gates):
//   i, f, o = sigmoid(W x + b + R h' + r), g = tanh(the same), c = f c' + i g, h = o tanh(c)
// Sums are in double, and rounded once. Rows as in Sequences.
struct LayerShape {
  int64_t inputs, hidden;
  cudnnDataType_t type;  // that outputs are rounded to
  Rounding rounding;     // of the inputs of products
};

// What a layer computed.
struct LayerTrace {
  float* gates;  // rows x 4 hidden: i, f, g, o; backward puts the gradients before their functions in their place
  float* cells;  // rows x hidden
  float* outputs;
};

// States of all sequences, batch x hidden, in the order of the batch.
using States = std::vector<float>;
struct LayerStates {
  States h, c;
};

// Returns the states after each sequence's own last step.
LayerStates layer_forward(const LayerShape& shape, const Sequences& sequences, const LayerWeights& weights,
                          const float* inputs, const LayerStates& first, const LayerTrace& trace);

// From the gradients of the outputs and of the last states: those of the inputs (rows x inputs) into `dinputs`, those
// of the first states returned.
LayerStates layer_backward_data(const LayerShape& shape, const Sequences& sequences, const LayerWeights& weights,
                                const float* doutputs, const LayerStates& dlast, const States& first_c,
                                const LayerTrace& trace, float* dinputs);

// Adds the gradients of the weights, after layer_backward_data.
void layer_backward_weights(const LayerShape& shape, const Sequences& sequences, const float* inputs,
                            const States& first_h, const LayerTrace& trace, LayerWeights& gradients);

}  // namespace simulated_gpu::cudnn
