#include "kernels/seq2seq/lstm_cell.h"

#include <cmath>

#include "kernels/dense/elementary.h"
#include "kernels/support/multiversion.h"

namespace matinee::seq2seq::cpu {
namespace {

MATINEE_MULTIVERSION_FUSED void forward(int64_t units, float* __restrict__ gates, const float* __restrict__ c_before,
                                        float* __restrict__ c, float* __restrict__ tanh_c, float* __restrict__ h) {
  float *input = gates, *forget = gates + units, *candidate = gates + 2 * units, *output = gates + 3 * units;
  for (int64_t n = 0; n < units; ++n) {
    const float i = dense::sigmoid(input[n]), f = dense::sigmoid(forget[n]);
    const float g = dense::hyperbolic_tangent(candidate[n]), o = dense::sigmoid(output[n]);
    const float cell = fmaf(f, c_before[n], i * g), squashed = dense::hyperbolic_tangent(cell);
    input[n] = i;
    forget[n] = f;
    candidate[n] = g;
    output[n] = o;
    c[n] = cell;
    tanh_c[n] = squashed;
    h[n] = o * squashed;
  }
}

MATINEE_MULTIVERSION_FUSED void backward(int64_t units, float* __restrict__ gates, const float* __restrict__ c_before,
                                         const float* __restrict__ tanh_c, const float* __restrict__ dh,
                                         float* __restrict__ dc) {
  float *input = gates, *forget = gates + units, *candidate = gates + 2 * units, *output = gates + 3 * units;
  for (int64_t n = 0; n < units; ++n) {
    const float i = input[n], f = forget[n], g = candidate[n], o = output[n], squashed = tanh_c[n];
    const float cell = fmaf(dh[n] * o, fmaf(-squashed, squashed, 1.0f), dc[n]);
    output[n] = dh[n] * squashed * o * (1.0f - o);
    input[n] = cell * g * i * (1.0f - i);
    forget[n] = cell * c_before[n] * f * (1.0f - f);
    candidate[n] = cell * i * fmaf(-g, g, 1.0f);
    dc[n] = cell * f;
  }
}

}  // namespace

void cell_forward(int64_t units, const CellRow& row) {
  forward(units, row.gates, row.c_before, row.c, row.tanh_c, row.h);
}

void cell_backward(int64_t units, const CellGradientRow& row) {
  backward(units, row.gates, row.c_before, row.tanh_c, row.dh, row.dc);
}

}  // namespace matinee::seq2seq::cpu
