#include "testing/lstm_reference.h"

#include <algorithm>
#include <cmath>

namespace simulated_gpu::test {
namespace {

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

bool has_bias(cudnnRNNBiasMode_t mode, int part) {
  return mode == CUDNN_RNN_DOUBLE_BIAS || (mode == CUDNN_RNN_SINGLE_INP_BIAS && part < 4) ||
         (mode == CUDNN_RNN_SINGLE_REC_BIAS && part >= 4);
}

}  // namespace

double LstmReference::pre_activation(const LstmParameter& p, int unit, const std::vector<double>& inputs) const {
  double sum = has_bias(shape.bias, p.part) ? parameters[p.bias + size_t(unit)] : 0;
  for (int l = 0; l < p.columns; ++l) sum += parameters[p.matrix + size_t(unit * p.columns + l)] * inputs[size_t(l)];
  return sum;
}

std::vector<double> LstmReference::step(int layer, const std::vector<double>& inputs, double* h, double* c) const {
  const std::vector<LstmParameter> all = lstm_parameters(shape);
  const std::vector<double> before(h, h + shape.hidden);
  for (int unit = 0; unit < shape.hidden; ++unit) {
    const auto sum = [&](int gate) {
      const auto part = size_t(layer * 8 + gate);
      return pre_activation(all[part], unit, inputs) + pre_activation(all[part + 4], unit, before);
    };
    c[unit] = sigmoid(sum(1)) * c[unit] + sigmoid(sum(0)) * std::tanh(sum(2));
    h[unit] = sigmoid(sum(3)) * std::tanh(c[unit]);
  }
  return {h, h + shape.hidden};
}

LstmResult LstmReference::run() const {
  LstmResult result{std::vector<double>(size_t(shape.batch) * size_t(shape.steps) * size_t(shape.hidden)), hx, cx};
  for (int sequence = 0; sequence < shape.batch; ++sequence) {
    for (int at = 0; at < shape.lengths[size_t(sequence)]; ++at) {
      const int64_t row = int64_t{sequence} * shape.steps + at;
      std::vector<double> values(x.begin() + row * shape.inputs, x.begin() + (row + 1) * shape.inputs);
      for (int layer = 0; layer < shape.layers; ++layer) {
        const int64_t state = (int64_t{layer} * shape.batch + sequence) * shape.hidden;
        values = step(layer, values, result.hy.data() + state, result.cy.data() + state);
      }
      std::copy(values.begin(), values.end(), result.y.begin() + row * shape.hidden);
    }
  }
  return result;
}

double LstmLoss::of(const LstmReference& reference) const {
  const LstmResult result = reference.run();
  double sum = 0;
  for (size_t n = 0; n < y.size(); ++n) sum += double(y[n]) * result.y[n];
  for (size_t n = 0; n < hy.size(); ++n) sum += double(hy[n]) * result.hy[n] + double(cy[n]) * result.cy[n];
  return sum;
}

std::vector<double> LstmLoss::gradient(LstmReference& reference, std::vector<double>& values) const {
  constexpr double kStep = 1e-5;
  std::vector<double> gradient;
  for (double& value : values) {
    const double kept = value;
    value = kept + kStep;
    const double above = of(reference);
    value = kept - kStep;
    gradient.push_back((above - of(reference)) / (2 * kStep));
    value = kept;
  }
  return gradient;
}

}  // namespace simulated_gpu::test
