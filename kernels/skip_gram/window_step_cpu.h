#pragma once

#include <cstdint>

#include "kernels/skip_gram/registers.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/sigmoid.h"
#include "kernels/skip_gram/step_integers.h"
#include "kernels/skip_gram/vectors_view.h"
#include "kernels/skip_gram/window_rows.h"

// The step of a window on the CPU: the products of its m input rows and n output rows as a small matrix product in
// registers, what each pair pulls, and the two products that move the rows. Every sum has one written order, that of
// the CUDA kernels.
// Per window: m + n rows read, m + n rows written; 6 m n flops per dimension.
namespace matinee::skip_gram::cpu {

inline constexpr int kMostInputs = 2 * kMostWindow, kMostOutputs = 1 + kMostNegatives;
inline constexpr int kTileOutputs = 6;  // output rows whose numbers and steps stay in registers together

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
[[gnu::always_inline]] inline void multiply_inputs(float* const* input, const WindowRows& rows, int64_t stride,
                                                   float* products) {
  int j = 0;
  for (; j + 3 <= rows.outputs; j += 3) {
    multiply_tile<m, 3>(input, rows.output + j, stride, products + j, rows.outputs);
  }
  for (; j < rows.outputs; ++j) multiply_tile<m, 1>(input, rows.output + j, stride, products + j, rows.outputs);
}

[[gnu::always_inline]] inline void multiply_rows(const WindowRows& rows, int64_t stride, float* products) {
  int i = 0;
  for (; i + 2 <= rows.inputs; i += 2) {
    multiply_inputs<2>(rows.input + i, rows, stride, products + i * rows.outputs);
  }
  if (i < rows.inputs) multiply_inputs<1>(rows.input + i, rows, stride, products + i * rows.outputs);
}

// Products become what each pair pulls: rate × (label - σ). The target is the first of each row of `outputs`.
[[gnu::always_inline]] inline void pull(int inputs, int outputs, float rate, float* products, LossSum& loss) {
  const int pairs = inputs * outputs;
  for (int i = 0; i < pairs; i += outputs) products[i] = -products[i];
  float losses[kMostInputs * kMostOutputs];
  for (int pair = 0; pair < pairs; ++pair) {
    const Sigmoid of = sigmoid(products[pair]);
    products[pair] = -rate * of.value;
    losses[pair] = of.loss;
  }
  int64_t steps = 0;
  int misfits = 0;
  for (int pair = 0; pair < pairs; ++pair) {
    const bool fits = losses[pair] < kMostLoss;
    misfits += !fits;
    steps += static_cast<int32_t>((fits ? losses[pair] : kMostLoss) * kStepsPerOne + 0.5f);
  }
  loss.steps += steps;
  loss.diverged = loss.diverged || misfits > 0;
  for (int i = 0; i < pairs; i += outputs) products[i] = -products[i];
}

// Room for the steps of input rows while output rows are taken a tile at a time; kMostInputs rows of `stride`.
using InputSteps = float*;

// The steps of tile_outputs output rows from the old input rows, and what they add to those of the input rows:
// sink.output(j, k, step) gets the steps of row j's dimensions k … k + 7, and sink.input(i, k, old, step), at the last
// tile, those of an input row with its old numbers.
template <int tile_outputs, typename Sink>
[[gnu::always_inline]] inline void move_tile(const WindowRows& rows, int first_output, int64_t stride,
                                             const float* pulls, InputSteps input_steps, Sink& sink) {
  const bool first = first_output == 0, last = first_output + tile_outputs == rows.outputs;
  for (int64_t k = 0; k < stride; k += kEight) {
    Eight numbers[tile_outputs], steps[tile_outputs] = {};
#pragma GCC unroll 6
    for (int j = 0; j < tile_outputs; ++j) load(rows.output[first_output + j] + k, numbers[j]);
    for (int i = 0; i < rows.inputs; ++i) {
      const float* pulls_of_row = pulls + i * rows.outputs + first_output;
      Eight input, step = {};
      load(rows.input[i] + k, input);
      if (!first) __builtin_memcpy(&step, input_steps + i * stride + k, sizeof step);
#pragma GCC unroll 6
      for (int j = 0; j < tile_outputs; ++j) {
        add_fused(pulls_of_row[j], numbers[j], step);
        add_fused(pulls_of_row[j], input, steps[j]);
      }
      if (last) {
        sink.input(i, k, input, step);
      } else {
        __builtin_memcpy(input_steps + i * stride + k, &step, sizeof step);
      }
    }
#pragma GCC unroll 6
    for (int j = 0; j < tile_outputs; ++j) sink.output(first_output + j, k, steps[j]);
  }
}

template <typename Sink>
[[gnu::always_inline]] inline void move_rows(const WindowRows& rows, int64_t stride, const float* pulls,
                                             InputSteps input_steps, Sink& sink) {
  for (int first = 0; first < rows.outputs; first += kTileOutputs) {
    switch (rows.outputs - first) {
      case 1:
        move_tile<1>(rows, first, stride, pulls, input_steps, sink);
        break;
      case 2:
        move_tile<2>(rows, first, stride, pulls, input_steps, sink);
        break;
      case 3:
        move_tile<3>(rows, first, stride, pulls, input_steps, sink);
        break;
      case 4:
        move_tile<4>(rows, first, stride, pulls, input_steps, sink);
        break;
      case 5:
        move_tile<5>(rows, first, stride, pulls, input_steps, sink);
        break;
      default:
        move_tile<kTileOutputs>(rows, first, stride, pulls, input_steps, sink);
    }
  }
}

}  // namespace matinee::skip_gram::cpu
