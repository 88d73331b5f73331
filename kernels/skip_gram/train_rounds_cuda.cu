#include <algorithm>
#include <string>

#include <cooperative_groups.h>

#include "kernels/skip_gram/train_rounds_cuda.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::skip_gram {
namespace {

struct RoundList {
  const int64_t* starts;  // (rounds + 1)
  int64_t rounds;
  uint32_t before;  // rounds that the training has had
};

__device__ void add_steps(int32_t* sums, int64_t k, float step) {
  const int32_t steps = to_steps(step);
  if (steps != 0) atomicAdd(sums + k, steps);
}

// The steps of a window into the sums of its rows.
__device__ void add_window(const DeviceModel& model, const WarpWindow& window, float rate, LossSum& loss) {
  const int64_t stride = model.stride;
  for (int j = 0; j < window.outputs; ++j) {
    copy_row(model.row(model.vocabulary + window.output[j]), stride, window.row(kInputsAtOnce + j));
  }
  const auto add_step = [&](int i, int64_t k, float step) { add_steps(model.row_sums(window.input[i]), k, step); };
  for (int first = 0; first < window.inputs; first += kInputsAtOnce) {
    const int count = min(kInputsAtOnce, window.inputs - first);
    for (int i = 0; i < count; ++i) copy_row(model.row(window.input[first + i]), stride, window.row(i));
    __syncwarp();
    window.take(
        first, [&](int i) { return i - first; }, kInputsAtOnce, stride, rate, loss, add_step);
  }
  for (int j = 0; j < window.outputs; ++j) {
    const int64_t number = model.vocabulary + window.output[j];
    for (int64_t k = WarpWindow::lane(); k < stride; k += kWarp) {
      add_steps(model.row_sums(number), k, window.row(kInputsAtOnce + j)[k] - model.row(number)[k]);
    }
  }
}

// Moves a row by its sums, which are zero afterwards.
__device__ void move_row(const DeviceModel& model, int64_t number) {
  float* row = model.row(number);
  int32_t* sums = model.row_sums(number);
  for (int64_t k = 4 * WarpWindow::lane(); k < model.stride; k += 4 * kWarp) {
    auto& numbers = *reinterpret_cast<float4*>(row + k);
    auto& steps = *reinterpret_cast<int4*>(sums + k);
    float4 now = numbers;
    const int4 by = steps;
    now.x = stepped(now.x, by.x);
    now.y = stepped(now.y, by.y);
    now.z = stepped(now.z, by.z);
    now.w = stepped(now.w, by.w);
    numbers = now;
    steps = int4{0, 0, 0, 0};
  }
}

// Moves those rows of a window that no other window of the round has moved.
__device__ void move_window(const DeviceModel& model, const WarpWindow& window, uint32_t round) {
  const int rows = window.inputs + window.outputs;
  for (int first = 0; window.inputs > 0 && first < rows; first += kWarp) {
    const int place = first + WarpWindow::lane();
    int64_t number = 0;
    bool mine = false;
    if (place < rows) {
      number = place < window.inputs ? window.input[place] : model.vocabulary + window.output[place - window.inputs];
      mine = atomicExch(model.moved_in + number, round) != round;
    }
    for (uint32_t left = __ballot_sync(~0u, mine); left != 0; left &= left - 1) {
      move_row(model, __shfl_sync(~0u, number, __ffs(static_cast<int>(left)) - 1));
    }
  }
}

// A warp takes one window after the other; all wait for each other twice a round. Per window of m + n rows (n the
// target and its negatives), each row of d floats: m + 2 n rows read and m + n rows added to by atomics of 4 bytes;
// then each row that the round has touched, once: its numbers and sums read and written. 6 m n d flops. What bounds it
// is the latency of a round, two waits and the longest window, until rounds have thousands of windows.
__global__ void __launch_bounds__(kWarps* kWarp, kLeastBlocks)
    train_rounds_kernel(DeviceModel model, WindowLists lists, RoundList list, EpochDraws epoch, WarpSpace space) {
  extern __shared__ float4 memory[];
  const int64_t warp = grid_thread(blockIdx.x, kWarps * kWarp, threadIdx.x) / kWarp;
  const int64_t warps = int64_t{gridDim.x} * kWarps;
  WarpWindow window(space, reinterpret_cast<float*>(memory) + threadIdx.x / kWarp * space.floats());
  LossSum loss;
  for (int64_t round = 0; round < list.rounds; ++round) {
    for (int64_t target = list.starts[round] + warp; target < list.starts[round + 1]; target += warps) {
      window.choose(lists, target, model.draws, epoch.generator);
      if (window.inputs == 0) continue;
      const int64_t place = lists.begin + lists.places[target];
      add_window(model, window, learning_rate_at(model.settings, epoch.number, model.words, place), loss);
    }
    cooperative_groups::this_grid().sync();
    for (int64_t target = list.starts[round] + warp; target < list.starts[round + 1]; target += warps) {
      window.choose(lists, target, model.draws, epoch.generator);
      move_window(model, window, list.before + static_cast<uint32_t>(round) + 1);
    }
    cooperative_groups::this_grid().sync();
  }
  add_loss(model, loss);
}

}  // namespace

void train_rounds(CudaResources& cuda, const DeviceModel& model, const WindowLists& lists,
                  std::span<const int64_t> starts, int64_t epoch, uint32_t& rounds_before) {
  const Kernel kernel("train_rounds_kernel", train_rounds_kernel);
  const WarpSpace space = WarpSpace::of(model.settings, model.stride, kInputsAtOnce);
  const int64_t shared = kWarps * space.floats() * static_cast<int64_t>(sizeof(float));
  const auto rounds = static_cast<int64_t>(starts.size()) - 1;
  const auto device_starts = uploaded(cuda, starts);
  const int64_t a_round = pieces(lists.last - lists.first, std::max(rounds, int64_t{1}));
  LaunchShape shape{.blocks = std::min(most_blocks_at_once(cuda, kernel, kWarps * kWarp, shared),
                                       std::max(pieces(a_round, kWarps), int64_t{1})),
                    .threads = kWarps * kWarp,
                    .shared_bytes = shared,
                    .cooperative = true};
  launch(cuda, kernel, shape, model, lists, RoundList{device_starts.data(), rounds, rounds_before},
         EpochDraws{epoch, model.draws.generator(epoch)}, space);
  rounds_before += static_cast<uint32_t>(rounds);
}

}  // namespace matinee::skip_gram
