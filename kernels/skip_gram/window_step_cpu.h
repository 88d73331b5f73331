#pragma once

#include <cstdint>

#include "kernels/skip_gram/registers.h"
#include "kernels/skip_gram/rows_ahead_cpu.h"
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

template <int width>
inline constexpr int kTileOutputs = width == kSixteen ? 6 : 3;  // output rows whose products stay in registers together

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

// products[i][j] = input[i] · output[j], lane l adding up dimensions l, l + kLanes, …; rows of `outputs` products.
template <int width, int m, int n>
[[gnu::always_inline]] inline void multiply_tile(float* const* input, float* const* output, int64_t stride,
                                                 float* products, int outputs) {
  constexpr int kParts = kLanes / width;
  static_assert(kLanes == kParts * width && kLanes == kSixteen);
  Numbers<width> sums[m][n][kParts] = {};
  for (int64_t k = 0; k < stride; k += kLanes) {
    Numbers<width> left[m][kParts];
#pragma GCC unroll 4
    for (int i = 0; i < m * kParts; ++i) load(input[i / kParts] + k + i % kParts * width, left[i / kParts][i % kParts]);
#pragma GCC unroll 12
    for (int j = 0; j < n * kParts; ++j) {
      Numbers<width> right;
      load(output[j / kParts] + k + j % kParts * width, right);
#pragma GCC unroll 2
      for (int i = 0; i < m; ++i) add_fused(left[i][j % kParts], right, sums[i][j / kParts][j % kParts]);
    }
  }
#pragma GCC unroll 2
  for (int i = 0; i < m; ++i) {
#pragma GCC unroll 6
    for (int j = 0; j < n; ++j) products[i * outputs + j] = total(sums[i][j]);
  }
}

template <int width, int m>
[[gnu::always_inline]] inline void multiply(float* const* input, const WindowRows& rows, int64_t stride,
                                            float* products) {
  constexpr int kTile = kTileOutputs<width>;
  int j = 0;
  for (; j + kTile <= rows.outputs; j += kTile) {
    multiply_tile<width, m, kTile>(input, rows.output + j, stride, products + j, rows.outputs);
  }
  for (; j < rows.outputs; ++j) multiply_tile<width, m, 1>(input, rows.output + j, stride, products + j, rows.outputs);
}

template <int width>
constexpr int whole_registers(int pairs) {
  return (pairs + width - 1) / width * width;
}

// Products become what each pair pulls: rate × (label - σ). The target is the first of each row of `outputs`. Room for
// whole_registers(inputs × outputs) of them: short loops whose length is not known would run number by number.
template <int width>
[[gnu::always_inline]] inline void pull(int inputs, int outputs, float rate, float* products, LossSum& loss) {
  const int pairs = inputs * outputs, whole = whole_registers<width>(pairs);
  for (int i = 0; i < pairs; i += outputs) products[i] = -products[i];
  for (int rest = pairs; rest < whole; ++rest) products[rest] = 0;
  int64_t steps = 0;
  int misfits = 0;
  for (int pair = 0; pair < whole; ++pair) {
    const Sigmoid of = sigmoid(products[pair]);
    products[pair] = -rate * of.value;
    const bool fits = of.loss < kMostLoss;
    const float counted = pair < pairs ? (fits ? of.loss : kMostLoss) : 0.0f;
    misfits += !fits;
    steps += static_cast<int32_t>(counted * kStepsPerOne + 0.5f);
  }
  loss.steps += steps;
  loss.diverged = loss.diverged || misfits > 0;
  for (int i = 0; i < pairs; i += outputs) products[i] = -products[i];
}

// Moves the output rows where they are, by m input rows from `first` on, and hands the steps of these, taken from the
// output rows as they were, to sink.input(i, k, step), `width` dimensions from k on at a time.
// Begins to load as much of the rows ahead.
template <int width, int m, typename Sink>
[[gnu::always_inline]] inline void move(const WindowRows& rows, int first, int64_t stride, const float* pulls,
                                        const RowsAhead& ahead, Sink& sink) {
  for (int64_t k = 0; k < stride; k += width) {
    if (k % kLanes == 0) ahead.begin_loads(k);
    Numbers<width> input[m], step[m] = {};
#pragma GCC unroll 2
    for (int i = 0; i < m; ++i) load(rows.input[first + i] + k, input[i]);
    for (int j = 0; j < rows.outputs; ++j) {
      Numbers<width> output, moved;
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

template <int width, int m, typename Sink>
[[gnu::always_inline]] inline void take_inputs(const WindowRows& rows, int first, int64_t stride, float rate,
                                               LossSum& loss, const RowsAhead& ahead, Sink& sink) {
  alignas(64) float pulls[whole_registers<width>(m * kMostOutputs)];
  multiply<width, m>(rows.input + first, rows, stride, pulls);
  pull<width>(m, rows.outputs, rate, pulls, loss);
  move<width, m>(rows, first, stride, pulls, ahead, sink);
}

// The step of a window, which has inputs; output rows are moved where they are. Begins to load the rows ahead.
template <int width, typename Sink>
[[gnu::always_inline]] inline void take_window(const WindowRows& rows, int64_t stride, float rate, LossSum& loss,
                                               const RowsAhead& ahead, Sink& sink) {
  static_assert(kInputsAtOnce == 2);
  int i = 0;
  for (; i + 2 <= rows.inputs; i += 2) {
    take_inputs<width, 2>(rows, i, stride, rate, loss, i == 0 ? ahead : kNoRowsAhead, sink);
  }
  if (i < rows.inputs) take_inputs<width, 1>(rows, i, stride, rate, loss, i == 0 ? ahead : kNoRowsAhead, sink);
}

}  // namespace matinee::skip_gram::cpu
