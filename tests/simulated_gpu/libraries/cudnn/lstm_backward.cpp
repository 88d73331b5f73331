#include <algorithm>
#include <cmath>

#include "libraries/cudnn/lstm.h"
#include "libraries/cudnn/matrix_product.h"

namespace simulated_gpu::cudnn {
namespace {

// One step of one sequence back: from dh and dc (which becomes that of the step before) the gradients of the
// pre-activations, in place of the gates.
void differentiate(const LayerShape& shape, const float* dh, float* dc, const float* cell, const float* previous_cell,
                   float* gates) {
  const int64_t hidden = shape.hidden;
  for (int64_t j = 0; j < hidden; ++j) {
    float &i = gates[j], &f = gates[hidden + j], &g = gates[2 * hidden + j], &o = gates[3 * hidden + j];
    const double tanh_c = std::tanh(double(cell[j])), d = dh[j];
    const double into_c = dc[j] + d * o * (1 - tanh_c * tanh_c);
    const double into_i = into_c * g * i * (1.0 - i), into_f = into_c * previous_cell[j] * f * (1.0 - f);
    const double into_g = into_c * i * (1.0 - double(g) * g), into_o = d * tanh_c * o * (1.0 - o);
    dc[j] = float(into_c * f);
    i = float(into_i);
    f = float(into_f);
    g = float(into_g);
    o = float(into_o);
  }
}

std::vector<double> rounded_rows(const float* values, int64_t count, Rounding rounding) {
  std::vector<double> all(static_cast<size_t>(count));
  for (int64_t n = 0; n < count; ++n) all[n] = rounded(values[n], rounding);
  return all;
}

// gradients (4 hidden x k) += gates^T (4 hidden x rows) times right (rows x k)
void add_outer(const std::vector<double>& gates_by_column, int64_t gates, const Panels& right,
               std::vector<float>& gradients) {
  std::vector<double> sums(gradients.begin(), gradients.end());
  add_product(gates, gates_by_column.data(), right, sums.data());
  std::transform(sums.begin(), sums.end(), gradients.begin(), [](double sum) { return float(sum); });
}

// Of every row the output of the step before.
std::vector<const float*> previous_rows(const Sequences& sequences, int64_t hidden, const States& first,
                                        const float* values) {
  std::vector<const float*> rows;
  for (int step = 0; step < sequences.steps(); ++step) {
    for (int place = 0; place < sequences.running(step); ++place) {
      rows.push_back(step == 0 ? first.data() + sequences.order[place] * hidden
                               : values + (sequences.start[step - 1] + place) * hidden);
    }
  }
  return rows;
}

}  // namespace

LayerStates layer_backward_data(const LayerShape& shape, const Sequences& sequences, const LayerWeights& weights,
                                const float* doutputs, const LayerStates& dlast, const States& first_c,
                                const LayerTrace& trace, float* dinputs) {
  const int64_t hidden = shape.hidden, gates = kGates * hidden;
  const auto plain = [&](const std::vector<float>& matrix, int64_t n) {
    return Panels(gates, n, [&](int64_t l, int64_t j) { return rounded(matrix[l * n + j], shape.rounding); });
  };
  const Panels recurrent = plain(weights.recurrent, hidden);
  const std::vector<const float*> previous_cells = previous_rows(sequences, hidden, first_c, trace.cells);
  LayerStates d = dlast;
  std::vector<double> sums;
  for (int step = sequences.steps() - 1; step >= 0; --step) {
    const int64_t running = sequences.running(step), first = sequences.start[step];
    for (int64_t place = 0; place < running; ++place) {
      const int64_t row = first + place, state = sequences.order[place] * hidden;
      for (int64_t j = 0; j < hidden; ++j) d.h[state + j] += doutputs[row * hidden + j];
      differentiate(shape, d.h.data() + state, d.c.data() + state, trace.cells + row * hidden, previous_cells[row],
                    trace.gates + row * gates);
    }
    sums.assign(size_t(running * hidden), 0.0);
    add_product(running, rounded_rows(trace.gates + first * gates, running * gates, shape.rounding).data(), recurrent,
                sums.data());
    for (int64_t place = 0; place < running; ++place) {
      float* h = d.h.data() + sequences.order[place] * hidden;
      for (int64_t j = 0; j < hidden; ++j) h[j] = float(sums[place * hidden + j]);
    }
  }
  sums.assign(size_t(sequences.rows() * shape.inputs), 0.0);
  add_product(sequences.rows(), rounded_rows(trace.gates, sequences.rows() * gates, shape.rounding).data(),
              plain(weights.input, shape.inputs), sums.data());
  std::transform(sums.begin(), sums.end(), dinputs, [&](double sum) { return stored(float(sum), shape.type); });
  return d;
}

void layer_backward_weights(const LayerShape& shape, const Sequences& sequences, const float* inputs,
                            const States& first_h, const LayerTrace& trace, LayerWeights& gradients) {
  const int64_t hidden = shape.hidden, gates = kGates * hidden, rows = sequences.rows();
  std::vector<double> by_column(size_t(rows * gates));
  for (int64_t column = 0; column < gates; ++column) {
    double sum = 0;
    for (int64_t row = 0; row < rows; ++row) {
      const float value = trace.gates[row * gates + column];
      by_column[column * rows + row] = rounded(value, shape.rounding);
      sum += value;
    }
    for (const int64_t bias : {column, gates + column}) gradients.bias[bias] = float(gradients.bias[bias] + sum);
  }
  const auto input = [&](int64_t row, int64_t j) { return rounded(inputs[row * shape.inputs + j], shape.rounding); };
  add_outer(by_column, gates, Panels(rows, shape.inputs, input), gradients.input);
  const std::vector<const float*> outputs = previous_rows(sequences, hidden, first_h, trace.outputs);
  const auto output = [&](int64_t row, int64_t j) { return rounded(outputs[row][j], shape.rounding); };
  add_outer(by_column, gates, Panels(rows, hidden, output), gradients.recurrent);
}

}  // namespace simulated_gpu::cudnn
