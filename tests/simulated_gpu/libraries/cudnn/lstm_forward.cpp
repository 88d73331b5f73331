#include <algorithm>
#include <cmath>

#include "libraries/cudnn/lstm.h"
#include "libraries/cudnn/matrix_product.h"

namespace simulated_gpu::cudnn {
namespace {

float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

// Each row begins as the sum of both biases.
std::vector<double> biases(const LayerWeights& weights, int64_t rows, int64_t gates) {
  std::vector<double> sums(size_t(rows * gates));
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t j = 0; j < gates; ++j) sums[row * gates + j] = double(weights.bias[j]) + weights.bias[gates + j];
  }
  return sums;
}

// The functions of one step of one sequence; `sums` are its 4 hidden pre-activations.
void activate(const LayerShape& shape, const double* sums, const float* previous_cell, float* gates, float* cell,
              float* output) {
  const int64_t hidden = shape.hidden;
  for (int64_t j = 0; j < hidden; ++j) {
    const float i = sigmoid(float(sums[j])), f = sigmoid(float(sums[hidden + j]));
    const float g = std::tanh(float(sums[2 * hidden + j])), o = sigmoid(float(sums[3 * hidden + j]));
    gates[j] = i;
    gates[hidden + j] = f;
    gates[2 * hidden + j] = g;
    gates[3 * hidden + j] = o;
    cell[j] = f * previous_cell[j] + i * g;
    output[j] = stored(o * std::tanh(cell[j]), shape.type);
  }
}

}  // namespace

LayerStates layer_forward(const LayerShape& shape, const Sequences& sequences, const LayerWeights& weights,
                          const float* inputs, const LayerStates& first, const LayerTrace& trace) {
  const int64_t hidden = shape.hidden, gates = kGates * hidden, rows = sequences.rows();
  const auto transposed = [&](const std::vector<float>& matrix, int64_t k) {
    return Panels(k, gates, [&](int64_t l, int64_t j) { return rounded(matrix[j * k + l], shape.rounding); });
  };
  const Panels recurrent = transposed(weights.recurrent, hidden);
  std::vector<double> sums = biases(weights, rows, gates), left(size_t(rows * shape.inputs));
  for (size_t n = 0; n < left.size(); ++n) left[n] = rounded(inputs[n], shape.rounding);
  add_product(rows, left.data(), transposed(weights.input, shape.inputs), sums.data());

  LayerStates last = first;
  std::vector<double> previous(size_t(sequences.batch() * hidden));
  for (int step = 0; step < sequences.steps(); ++step) {
    const int running = sequences.running(step);
    for (int place = 0; place < running; ++place) {
      const float* h = last.h.data() + sequences.order[place] * hidden;
      for (int64_t j = 0; j < hidden; ++j) previous[place * hidden + j] = rounded(h[j], shape.rounding);
    }
    double* const step_sums = sums.data() + sequences.start[step] * gates;
    add_product(running, previous.data(), recurrent, step_sums);
    for (int place = 0; place < running; ++place) {
      const int64_t row = sequences.start[step] + place, state = sequences.order[place] * hidden;
      float *cell = trace.cells + row * hidden, *output = trace.outputs + row * hidden;
      activate(shape, step_sums + place * gates, last.c.data() + state, trace.gates + row * gates, cell, output);
      std::copy_n(cell, hidden, last.c.data() + state);
      std::copy_n(output, hidden, last.h.data() + state);
    }
  }
  return last;
}

}  // namespace simulated_gpu::cudnn
