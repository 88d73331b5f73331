#pragma once

#include <cstdint>

#include "kernels/skip_gram/registers.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/sigmoid.h"
#include "kernels/skip_gram/step_integers.h"
#include "kernels/skip_gram/vectors_view.h"
#include "kernels/skip_gram/window_rows.h"

// The step of a window on the CPU: its m input rows are taken kInputsAtOnce at a time against its n output rows, which
// the next ones see changed. Products of rows stand in registers, and each row's numbers pass through them once more to
// be moved. Every sum has one written order, that of the CUDA kernels.
// Per window: m + n rows read, m + n rows written; 6 m n flops per dimension.
namespace matinee::skip_gram::cpu {

inline constexpr int kMostInputs = 2 * kMostWindow, kMostOutputs = 1 + kMostNegatives;
inline constexpr int kTileOutputs = 3;  // output rows whose products stay in registers together

struct WindowRows {
  int inputs = 0, outputs = 0;
  float* input[kMostInputs];
  float* output[kMostOutputs];
};

[[gnu::always_inline]] inline void set_rows(const WindowWords& words, const VectorsView<float>& vectors,
                                            WindowRows& rows) {
  rows.inputs = words.inputs;
  rows.outputs = words.outputs;
  for (int i = 0; i < words.inputs; ++i) rows.input[i] = vectors.input.row(words.input[i]);
  for (int j = 0; j < words.outputs; ++j) rows.output[j] = vectors.output.row(words.output[j]);
}

// The end of a dot product: the upper half of kLanes lanes on the lower half until one is left.
[[gnu::always_inline]] inline float total(const Eight& low, const Eight& high) {
  const Eight eight = low + high;
  float four[4];
  for (unsigned lane = 0; lane < 4; ++lane) four[lane] = eight[lane] + eight[lane + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// products[i][j] = input[i] · output[j], lane l adding up dimensions l, l + kLanes, …; rows of `outputs` products.
template <int m, int n>
[[gnu::always_inline]] inline void multiply_tile(float* const* input, float* const* output, int64_t stride,
                                                 float* products, int outputs) {
  static_assert(kLanes == 2 * kEight);
  Eight low[m][n] = {}, high[m][n] = {};
  for (int64_t k = 0; k < stride; k += kLanes) {
    Eight input_low[m], input_high[m];
#pragma GCC unroll 2
    for (int i = 0; i < m; ++i) {
      load(input[i] + k, input_low[i]);
      load(input[i] + k + kEight, input_high[i]);
    }
#pragma GCC unroll 3
    for (int j = 0; j < n; ++j) {
      Eight output_low, output_high;
      load(output[j] + k, output_low);
      load(output[j] + k + kEight, output_high);
#pragma GCC unroll 2
      for (int i = 0; i < m; ++i) {
        add_fused(input_low[i], output_low, low[i][j]);
        add_fused(input_high[i], output_high, high[i][j]);
      }
    }
  }
#pragma GCC unroll 2
  for (int i = 0; i < m; ++i) {
#pragma GCC unroll 3
    for (int j = 0; j < n; ++j) products[i * outputs + j] = total(low[i][j], high[i][j]);
  }
}

template <int m>
[[gnu::always_inline]] inline void multiply(float* const* input, const WindowRows& rows, int64_t stride,
                                            float* products) {
  int j = 0;
  for (; j + kTileOutputs <= rows.outputs; j += kTileOutputs) {
    multiply_tile<m, kTileOutputs>(input, rows.output + j, stride, products + j, rows.outputs);
  }
  for (; j < rows.outputs; ++j) multiply_tile<m, 1>(input, rows.output + j, stride, products + j, rows.outputs);
}

// Products become what each pair pulls: rate × (label - σ). The target is the first of each row of `outputs`.
[[gnu::always_inline]] inline void pull(int inputs, int outputs, float rate, float* products, LossSum& loss) {
  const int pairs = inputs * outputs;
  for (int i = 0; i < pairs; i += outputs) products[i] = -products[i];
  int64_t steps = 0;
  int misfits = 0;
  for (int pair = 0; pair < pairs; ++pair) {
    const Sigmoid of = sigmoid(products[pair]);
    products[pair] = -rate * of.value;
    const bool fits = of.loss < kMostLoss;
    misfits += !fits;
    steps += static_cast<int32_t>((fits ? of.loss : kMostLoss) * kStepsPerOne + 0.5f);
  }
  loss.steps += steps;
  loss.diverged = loss.diverged || misfits > 0;
  for (int i = 0; i < pairs; i += outputs) products[i] = -products[i];
}

// Moves the output rows where they are, by m input rows from `first` on, and hands the steps of these, taken from the
// output rows as they were, to sink.input(i, k, step), eight dimensions from k on at a time.
template <int m, typename Sink>
[[gnu::always_inline]] inline void move(const WindowRows& rows, int first, int64_t stride, const float* pulls,
                                        Sink& sink) {
  for (int64_t k = 0; k < stride; k += kEight) {
    Eight input[m], step[m] = {};
#pragma GCC unroll 2
    for (int i = 0; i < m; ++i) load(rows.input[first + i] + k, input[i]);
    for (int j = 0; j < rows.outputs; ++j) {
      Eight output, moved;
      load(rows.output[j] + k, output);
      moved = output;
#pragma GCC unroll 2
      for (int i = 0; i < m; ++i) {
        const float pull = pulls[i * rows.outputs + j];
        add_fused(pull, output, step[i]);
        add_fused(pull, input[i], moved);
      }
      store(rows.output[j] + k, moved);
    }
#pragma GCC unroll 2
    for (int i = 0; i < m; ++i) sink.input(first + i, k, step[i]);
  }
}

template <int m, typename Sink>
[[gnu::always_inline]] inline void take_inputs(const WindowRows& rows, int first, int64_t stride, float rate,
                                               LossSum& loss, Sink& sink) {
  alignas(32) float pulls[m * kMostOutputs];
  multiply<m>(rows.input + first, rows, stride, pulls);
  pull(m, rows.outputs, rate, pulls, loss);
  move<m>(rows, first, stride, pulls, sink);
}

// The step of a window; output rows are moved where they are.
template <typename Sink>
[[gnu::always_inline]] inline void take_window(const WindowRows& rows, int64_t stride, float rate, LossSum& loss,
                                               Sink& sink) {
  static_assert(kInputsAtOnce == 2);
  int i = 0;
  for (; i + 2 <= rows.inputs; i += 2) take_inputs<2>(rows, i, stride, rate, loss, sink);
  if (i < rows.inputs) take_inputs<1>(rows, i, stride, rate, loss, sink);
}

}  // namespace matinee::skip_gram::cpu
