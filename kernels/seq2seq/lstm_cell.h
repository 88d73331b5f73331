#pragma once

#include <cstdint>

namespace matinee::seq2seq::cpu {

// One step of one sequence, `units` numbers of each kind.
struct CellRow {
  float* gates;       // (4 units): i, f, g, o
  const float* bias;  // (4 units)
  const float* c_before;
  float *c, *tanh_c, *h;
};

// `gates` hold the sums a less the bias and become i, f, g, o; c, tanh(c) and h follow. 5 exponentials and 2 divisions
// a unit: one for the four gates, 1/x = y/(xy).
void cell_forward(int64_t units, const CellRow& row);

struct CellGradientRow {
  float* gates;  // (4 units): i, f, g, o, which become the gradient of the sums a
  const float *c_before, *tanh_c;
  const float* dh;
  float* dc;  // of c; becomes that of c_before
};

void cell_backward(int64_t units, const CellGradientRow& row);

}  // namespace matinee::seq2seq::cpu
