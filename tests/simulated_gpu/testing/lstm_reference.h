#pragma once

#include <vector>

#include "testing/lstm.h"

namespace simulated_gpu::test {

// Vectors of sequences are batch x steps x width, states layers x batch x hidden.
struct LstmResult {
  std::vector<double> y, hy, cy;
};

// An LSTM written out in double: one sequence after the other, all layers of a step, unit by unit.
struct LstmReference {
  LstmShape shape;
  std::vector<double> parameters, x, hx, cx;

  LstmResult run() const;

 private:
  double pre_activation(const LstmParameter& parameter, int unit, const std::vector<double>& inputs) const;
  std::vector<double> step(int layer, const std::vector<double>& inputs, double* h, double* c) const;
};

// A weighted sum of all that comes out, and its derivative by every element of one of the reference's vectors.
struct LstmLoss {
  std::vector<float> y, hy, cy;

  double of(const LstmReference& reference) const;
  std::vector<double> gradient(LstmReference& reference, std::vector<double>& values) const;  // central differences
};

}  // namespace simulated_gpu::test
