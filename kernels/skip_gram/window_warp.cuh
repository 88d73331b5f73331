#pragma once

#include "kernels/skip_gram/device_windows.cuh"
#include "kernels/skip_gram/sigmoid.h"
#include "kernels/skip_gram/step_integers.h"
#include "kernels/skip_gram/training_operands.cuh"
#include "kernels/skip_gram/vectors_view.h"

// A warp takes a window as take_window() of the CPU does, with the same sums in the same order. Its rows lie in shared
// memory; for products, 4 neighbouring lanes make a team that has one pair of rows between them, member t the columns
// 16 c + 4 t … 16 c + 4 t + 3 of every chunk c; for moves, lane l has the columns 32 c + l.
namespace matinee::skip_gram {

inline constexpr int kWarp = 32, kTeam = 4, kTeams = kWarp / kTeam;
inline constexpr int kWarps = 2;        // of a block
inline constexpr int kLeastBlocks = 8;  // of a multiprocessor: 128 registers a thread, with which ptxas spills none
static_assert(kLanes == 4 * kTeam, "a member reads float4");

// From row to row in shared memory, so that neighbouring teams, which read neighbouring rows, are half the banks apart.
constexpr int64_t spread_stride(int64_t stride) {
  const int64_t spread = rounded_up(stride, kWarp) + kLanes;
  return spread - kWarp >= stride ? spread - kWarp : spread;
}

// The product of two rows, in all lanes of each team that has two of them: lane l of kLanes adds up columns l, l +
// kLanes, …; of these sums the upper half is added to the lower until one is left. All lanes of the warp must call it.
__device__ inline float team_product(const float* left, const float* right, int64_t stride) {
  const int member = static_cast<int>(threadIdx.x) % kTeam;
  const auto* p = reinterpret_cast<const float4*>(left) + member;
  const auto* q = reinterpret_cast<const float4*>(right) + member;
  float sums[4] = {};
  for (int c = 0; c < stride / kLanes; ++c) {
    const float4 a = p[c * kTeam], b = q[c * kTeam];
    sums[0] = fmaf(a.x, b.x, sums[0]);
    sums[1] = fmaf(a.y, b.y, sums[1]);
    sums[2] = fmaf(a.z, b.z, sums[2]);
    sums[3] = fmaf(a.w, b.w, sums[3]);
  }
  for (int distance = kTeam / 2; distance > 0; distance /= 2) {  // lanes 8 and 4 apart
    for (float& sum : sums) sum += __shfl_xor_sync(~0u, sum, distance);
  }
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

struct EpochDraws {
  int64_t number;
  Philox generator;
};

// Shared memory of a warp, in floats: `rows` rows, what pairs pull, words.
struct WarpSpace {
  int32_t rows, row_stride, most_inputs, most_outputs;

  static WarpSpace of(const Settings& settings, int64_t stride, int input_rows) {
    WarpSpace space{};
    space.most_inputs = 2 * settings.window;
    space.most_outputs = 1 + settings.negatives;
    space.rows = input_rows + space.most_outputs;
    space.row_stride = static_cast<int32_t>(spread_stride(stride));
    return space;
  }
  MATINEE_HOST_DEVICE int32_t pulls() const { return kInputsAtOnce * most_outputs; }
  MATINEE_HOST_DEVICE int64_t floats() const {
    return rounded_up(int64_t{rows} * row_stride + pulls() + most_inputs + most_outputs, 4);
  }
};

// The words of a window and the warp's memory for it.
struct WarpWindow {
  float* rows;
  float* pulls;  // (inputs at once, outputs)
  int32_t* input;
  int32_t* output;
  int32_t row_stride;
  int inputs = 0, outputs = 0;

  __device__ WarpWindow(const WarpSpace& space, float* memory)
      : rows(memory),
        pulls(memory + int64_t{space.rows} * space.row_stride),
        input(reinterpret_cast<int32_t*>(pulls + space.pulls())),
        output(input + space.most_inputs),
        row_stride(space.row_stride) {}

  __device__ float* row(int place) const { return rows + place * row_stride; }
  __device__ static int lane() { return static_cast<int>(threadIdx.x) % kWarp; }

  // As WindowWords::choose().
  __device__ void choose(const WindowLists& lists, int64_t target, const DrawsView& draws, const Philox& generator) {
    const int left = lists.left[target], word = lists.words[target];
    inputs = left + lists.right[target];
    __syncwarp();
    for (int i = lane(); i < inputs; i += kWarp) input[i] = lists.words[target - left + i + (i >= left)];
    if (lane() == 0) output[0] = word;
    outputs = 1;
    const int64_t place = lists.begin + lists.places[target];
    for (int first = 0; inputs > 0 && first < draws.negatives; first += kWarp) {
      const int draw = 2 + first + lane();
      bool taken = first + lane() < draws.negatives;
      const int32_t negative = taken ? draws.drawn_negative(draws.draws(generator, place, draw / 4)[draw % 4]) : word;
      taken = negative != word;
      const uint32_t all = __ballot_sync(~0u, taken);
      if (taken) output[outputs + __popc(all & ((1u << lane()) - 1))] = negative;
      outputs += __popc(all);
    }
    __syncwarp();
  }

  // What each of `count` input rows and each output row pull, from their products; adds up losses lane by lane.
  // input_place(i) is where in shared memory input row i lies, outputs lie from `first_output` on.
  template <typename InputPlace>
  __device__ void pull(int first, int count, const InputPlace& input_place, int first_output, int64_t stride,
                       float rate, LossSum& loss) const {
    const int member = lane() % kTeam, pairs = count * outputs;
    for (int base = 0; base < pairs; base += kTeams) {
      const int pair = base + lane() / kTeam;
      const bool active = pair < pairs;
      const int i = active ? pair / outputs : 0, j = active ? pair % outputs : 0;
      const float product = team_product(row(input_place(first + i)), row(first_output + j), stride);
      if (!active || member != 0) continue;
      const Sigmoid of = sigmoid(j == 0 ? -product : product);
      pulls[pair] = j == 0 ? rate * of.value : -rate * of.value;
      loss.add(of.loss);
    }
    __syncwarp();
  }

  // Moves the output rows by what `count` input rows pull; their own steps go to add_step(i, k, step), once each.
  template <int count, typename InputPlace, typename AddStep>
  __device__ void move(int first, const InputPlace& input_place, int first_output, int64_t stride,
                       const AddStep& add_step) const {
    for (int64_t k = lane(); k < stride; k += kWarp) {
      float inputs[count], steps[count] = {};
#pragma unroll
      for (int i = 0; i < count; ++i) inputs[i] = row(input_place(first + i))[k];
      for (int j = 0; j < outputs; ++j) {
        float* output = row(first_output + j) + k;
        const float number = *output;
        float moved = number;
#pragma unroll
        for (int i = 0; i < count; ++i) {
          const float pulled = pulls[i * outputs + j];
          steps[i] = fmaf(pulled, number, steps[i]);
          moved = fmaf(pulled, inputs[i], moved);
        }
        *output = moved;
      }
#pragma unroll
      for (int i = 0; i < count; ++i) add_step(first + i, k, steps[i]);
    }
    __syncwarp();
  }

  // Both for as many of the inputs from `first` on as are taken at once.
  template <typename InputPlace, typename AddStep>
  __device__ void take(int first, const InputPlace& input_place, int first_output, int64_t stride, float rate,
                       LossSum& loss, const AddStep& add_step) const {
    const int count = min(kInputsAtOnce, inputs - first);
    pull(first, count, input_place, first_output, stride, rate, loss);
    if (count == kInputsAtOnce) {
      move<kInputsAtOnce>(first, input_place, first_output, stride, add_step);
    } else {
      move<1>(first, input_place, first_output, stride, add_step);
    }
  }
};

// Copies a row, by the lanes of a warp.
__device__ inline void copy_row(const float* from, int64_t stride, float* to) {
  for (int64_t k = 4 * WarpWindow::lane(); k < stride; k += 4 * kWarp) {
    *reinterpret_cast<float4*>(to + k) = *reinterpret_cast<const float4*>(from + k);
  }
}

// A warp's losses become part of the launch's.
__device__ inline void add_loss(const DeviceModel& model, LossSum loss) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    loss.steps += __shfl_xor_sync(~0u, loss.steps, distance);
  }
  const bool diverged = __any_sync(~0u, loss.diverged);
  if (WarpWindow::lane() != 0) return;
  atomicAdd(model.loss, static_cast<unsigned long long>(loss.steps));
  if (diverged) atomicAdd(model.loss + 1, 1ull);
}

}  // namespace matinee::skip_gram
