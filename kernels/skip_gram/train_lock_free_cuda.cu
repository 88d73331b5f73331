#include <algorithm>

#include "kernels/skip_gram/train_rounds_cuda.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/relaxed_access.cuh"

namespace matinee::skip_gram {
namespace {

constexpr int64_t kLeastTargets = 64;  // of a warp: rows stay in its window that long

// Warps read and write rows at the same time, no order needed.
__device__ void fetch(const float* row, int64_t stride, float* to) {
  for (int64_t k = 4 * WarpWindow::lane(); k < stride; k += 4 * kWarp) {
    *reinterpret_cast<uint4*>(to + k) = load_relaxed(reinterpret_cast<const uint4*>(row + k));
  }
}

__device__ void put_back(const float* from, int64_t stride, float* row) {
  for (int64_t k = 4 * WarpWindow::lane(); k < stride; k += 4 * kWarp) {
    store_relaxed(reinterpret_cast<uint4*>(row + k), *reinterpret_cast<const uint4*>(from + k));
  }
}

// The input rows of words from..to-1 of the list, each in shared memory while windows reach it: read once, written
// once. A word has a place in a ring for each time that it stands there; its row is in the first of them.
struct Ring {
  const DeviceModel& model;
  const WindowLists& lists;
  const WarpWindow& window;
  int places;
  int64_t from, to;

  __device__ float* row(int64_t at) const { return window.row(static_cast<int>(at % places)); }

  // The first of begin..end-1 that is the same word as `at`, else `end`.
  __device__ int64_t find(int64_t at, int64_t begin, int64_t end) const {
    const int32_t word = lists.words[at];
    for (int64_t first = begin; first < end; first += kWarp) {
      const int64_t mine = first + WarpWindow::lane();
      const uint32_t same = __ballot_sync(~0u, mine < end && lists.words[mine] == word);
      if (same != 0) return first + __ffs(static_cast<int>(same)) - 1;
    }
    return end;
  }

  // Where the row of word `at` is.
  __device__ int home(int64_t at) const { return static_cast<int>(find(at, from, at) % places); }

  // Gives back the rows before `first`, and loads what lacks up to end - 1.
  __device__ void advance(int64_t first, int64_t end) {
    for (; from < min(first, to); ++from) {
      const int64_t next = find(from, from + 1, to);
      if (next == to) {
        put_back(row(from), model.stride, model.row(lists.words[from]));
      } else {
        copy_row(row(from), model.stride, row(next));
      }
    }
    from = max(from, first);
    to = max(to, first);
    for (; to < end; ++to) {
      if (find(to, from, to) == to) fetch(model.row(lists.words[to]), model.stride, row(to));
    }
    __syncwarp();
  }
};

// A warp goes through a run of consecutive targets. An input row stays in shared memory from the first window that
// reaches it to the last, an output row for a window: per target 1 + n rows of d floats read and written, 8 (1 + n) d
// bytes, for 6 m n d flops with m words in the window. Bound by memory.
__global__ void __launch_bounds__(kWarps* kWarp, kLeastBlocks)
    train_lock_free_kernel(DeviceModel model, WindowLists lists, int64_t run, EpochDraws epoch, WarpSpace space) {
  extern __shared__ float4 memory[];
  const int64_t warp = grid_thread(blockIdx.x, kWarps * kWarp, threadIdx.x) / kWarp;
  WarpWindow window(space, reinterpret_cast<float*>(memory) + threadIdx.x / kWarp * space.floats());
  const int ring_rows = space.rows - space.most_outputs;
  const int64_t first_target = lists.first + warp * run, end = min(first_target + run, lists.last);
  const int64_t reached = max(first_target - model.settings.window, int64_t{0});
  Ring ring{model, lists, window, ring_rows, reached, reached};
  LossSum loss;
  for (int64_t target = first_target; target < end; ++target) {
    window.choose(lists, target, model.draws, epoch.generator);
    if (window.inputs == 0) continue;
    const int left = lists.left[target];
    ring.advance(max(target - model.settings.window, ring.from), target + lists.right[target] + 1);
    for (int j = 0; j < window.outputs; ++j) {
      fetch(model.row(model.vocabulary + window.output[j]), model.stride, window.row(ring_rows + j));
    }
    __syncwarp();
    const float rate = learning_rate_at(model.settings, epoch.number, model.words, lists.begin + lists.places[target]);
    for (int i = 0; i < window.inputs; ++i) {
      const int home = ring.home(target - left + i + (i >= left));
      if (WarpWindow::lane() == 0) window.input[i] = home;
    }
    __syncwarp();
    const auto input_place = [&](int i) { return window.input[i]; };
    const auto add_step = [&](int i, int64_t k, float step) { window.row(window.input[i])[k] += step; };
    for (int first = 0; first < window.inputs; first += kInputsAtOnce) {
      window.take(first, input_place, ring_rows, model.stride, rate, loss, add_step);
    }
    for (int j = 0; j < window.outputs; ++j) {
      put_back(window.row(ring_rows + j), model.stride, model.row(model.vocabulary + window.output[j]));
    }
  }
  ring.advance(ring.to, ring.to);
  add_loss(model, loss);
}

}  // namespace

bool train_lock_free(CudaResources& cuda, const DeviceModel& model, const WindowLists& lists, int64_t epoch) {
  const Kernel kernel("train_lock_free_kernel", train_lock_free_kernel);
  const WarpSpace space = WarpSpace::of(model.settings, model.stride, 2 * model.settings.window + 1);
  const int64_t shared = kWarps * space.floats() * static_cast<int64_t>(sizeof(float));
  if (shared > most_shared_bytes()) return false;
  const int64_t warps = most_blocks_at_once(cuda, kernel, kWarps * kWarp, shared) * kWarps;
  const int64_t targets = lists.last - lists.first, run = std::max(pieces(targets, warps), kLeastTargets);
  launch(cuda, kernel, {pieces(pieces(targets, run), kWarps), kWarps * kWarp, shared}, model, lists, run,
         EpochDraws{epoch, model.draws.generator(epoch)}, space);
  return true;
}

}  // namespace matinee::skip_gram
