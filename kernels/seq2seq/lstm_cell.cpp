#include "kernels/seq2seq/lstm_cell.h"

#include <cmath>

#include "kernels/dense/elementary.h"
#include "kernels/support/multiversion.h"
#include "kernels/support/processor_level.h"

namespace matinee::seq2seq::cpu {
namespace {

struct Gates {
  float i, f, g, o;
};

// σ, σ, tanh and σ of the sums. Each is a fraction whose denominator is 1 to 2: one division for all four.
[[gnu::always_inline]] inline Gates gates_of(float a_i, float a_f, float a_g, float a_o) {
  const float e_i = dense::exponential(-fabsf(a_i)), e_f = dense::exponential(-fabsf(a_f));
  const float e_o = dense::exponential(-fabsf(a_o));
  const float m = dense::exponential_less_one(-2.0f * fabsf(a_g));
  const float below_i = 1.0f + e_i, below_f = 1.0f + e_f, below_g = 2.0f + m, below_o = 1.0f + e_o;
  const float first = below_i * below_f, second = below_g * below_o, both = 1.0f / (first * second);
  const float over_first = both * second, over_second = both * first;
  const float above_i = a_i < 0.0f ? e_i : 1.0f, above_f = a_f < 0.0f ? e_f : 1.0f, above_o = a_o < 0.0f ? e_o : 1.0f;
  return {above_i * (over_first * below_f), above_f * (over_first * below_i),
          copysignf(m * (over_second * below_o), a_g), above_o * (over_second * below_g)};
}

[[gnu::always_inline]] inline void forward(int64_t units, float* __restrict__ gates, const float* __restrict__ bias,
                                           const float* __restrict__ c_before, float* __restrict__ c,
                                           float* __restrict__ tanh_c, float* __restrict__ h) {
  float *input = gates, *forget = gates + units, *candidate = gates + 2 * units, *output = gates + 3 * units;
  const float *b_i = bias, *b_f = bias + units, *b_g = bias + 2 * units, *b_o = bias + 3 * units;
  for (int64_t n = 0; n < units; ++n) {
    const Gates gate = gates_of(input[n] + b_i[n], forget[n] + b_f[n], candidate[n] + b_g[n], output[n] + b_o[n]);
    const float cell = fmaf(gate.f, c_before[n], gate.i * gate.g), squashed = dense::hyperbolic_tangent(cell);
    input[n] = gate.i;
    forget[n] = gate.f;
    candidate[n] = gate.g;
    output[n] = gate.o;
    c[n] = cell;
    tanh_c[n] = squashed;
    h[n] = gate.o * squashed;
  }
}

[[gnu::always_inline]] inline void backward(int64_t units, float* __restrict__ gates,
                                            const float* __restrict__ c_before, const float* __restrict__ tanh_c,
                                            const float* __restrict__ dh, float* __restrict__ dc) {
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

void forward_baseline(int64_t units, const CellRow& row) {
  forward(units, row.gates, row.bias, row.c_before, row.c, row.tanh_c, row.h);
}
MATINEE_V3 void forward_v3(int64_t units, const CellRow& row) {
  forward(units, row.gates, row.bias, row.c_before, row.c, row.tanh_c, row.h);
}
MATINEE_V4 void forward_v4(int64_t units, const CellRow& row) {
  forward(units, row.gates, row.bias, row.c_before, row.c, row.tanh_c, row.h);
}

void backward_baseline(int64_t units, const CellGradientRow& row) {
  backward(units, row.gates, row.c_before, row.tanh_c, row.dh, row.dc);
}
MATINEE_V3 void backward_v3(int64_t units, const CellGradientRow& row) {
  backward(units, row.gates, row.c_before, row.tanh_c, row.dh, row.dc);
}
MATINEE_V4 void backward_v4(int64_t units, const CellGradientRow& row) {
  backward(units, row.gates, row.c_before, row.tanh_c, row.dh, row.dc);
}

}  // namespace

void cell_forward(int64_t units, const CellRow& row) {
  by_level(forward_v4, forward_v3, forward_baseline)(units, row);
}

void cell_backward(int64_t units, const CellGradientRow& row) {
  by_level(backward_v4, backward_v3, backward_baseline)(units, row);
}

}  // namespace matinee::seq2seq::cpu
