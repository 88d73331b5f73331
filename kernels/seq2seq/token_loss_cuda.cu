#include <cfloat>

#include "kernels/dense/elementary.h"
#include "kernels/seq2seq/token_loss_cuda.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::seq2seq {
namespace {

constexpr int kWarp = 32, kWarps = 8, kThreads = kWarps * kWarp;

// The highest number so far, the smaller index among equals. A NaN is never higher.
struct Highest {
  float value;
  int32_t index;

  static __device__ Highest none() { return {-FLT_MAX, 0}; }
  __device__ bool below(const Highest& other) const {
    return other.value > value || (other.value == value && other.index < index);
  }
  __device__ Highest at_distance(int distance) const {
    return {__shfl_xor_sync(~0u, value, distance), __shfl_xor_sync(~0u, index, distance)};
  }
};

// Σ e^(x - top) of the numbers so far and their top.
struct Exponentials {
  Highest top;
  float sum;

  static __device__ Exponentials none() { return {Highest::none(), 0}; }
  __device__ void add(float value, int32_t index) { add({{value, index}, 1.0f}); }
  // Both ways round the same bits.
  __device__ void add(const Exponentials& other) {
    const float e = dense::exponential(-fabsf(other.top.value - top.value));
    const bool below = top.below(other.top);
    sum = below ? fmaf(sum, e, other.sum) : fmaf(other.sum, e, sum);
    top = below ? other.top : top;
  }
  __device__ Exponentials at_distance(int distance) const {
    return {top.at_distance(distance), __shfl_xor_sync(~0u, sum, distance)};
  }
};

// Σ of the cross-entropies so far, and the highest number.
struct CrossEntropies {
  Highest top;
  double sum;

  __device__ void add(const CrossEntropies& other) {
    sum += other.sum;
    top = top.below(other.top) ? other.top : top;
  }
  __device__ CrossEntropies at_distance(int distance) const {
    return {top.at_distance(distance), __shfl_xor_sync(~0u, sum, distance)};
  }
};

// What the threads of the block have, added up in a fixed order; all get it.
template <typename Sum>
__device__ Sum added_up(Sum own, Sum (&of_warps)[kWarps]) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) own.add(own.at_distance(distance));
  if (threadIdx.x % kWarp == 0) of_warps[threadIdx.x / kWarp] = own;
  __syncthreads();
  Sum sum = of_warps[0];
  for (int warp = 1; warp < kWarps; ++warp) sum.add(of_warps[warp]);
  return sum;
}

// What a row costs, and its best token.
struct RowResults {
  double* losses;  // (rows)
  int32_t* best;   // (rows)
};

// work(index of the first, pack) for the packs of a row that are this thread's.
template <int kWidth, typename Work>
__device__ void for_packs(const float* row, int64_t count, const Work& work) {
  for (int64_t first = int64_t{threadIdx.x} * kWidth; first < count; first += kThreads * kWidth) {
    work(first, load_pack<kWidth>(row + first, count - first));
  }
}

// A block per row: reads it once for the sum of exponentials and the best token, once more, from shared memory where it
// is `staged` there, to make it the gradient. 8 bytes and two exponentials a number: bound by memory; 12 bytes where
// the row is too long for shared memory, 4 without gradient.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    softmax_loss_kernel(const int32_t* __restrict__ targets, MatrixView<float> logits, float gradient_scale,
                        bool staged, RowResults results) {
  extern __shared__ float4 memory[];
  __shared__ Exponentials of_warps[kWarps];
  __shared__ float of_target;
  float* const row = row_of(logits, blockIdx.x);
  float* const copy = staged ? reinterpret_cast<float*>(memory) : row;
  const int64_t target = targets[blockIdx.x];
  Exponentials own = Exponentials::none();
  for_packs<kWidth>(row, logits.columns, [&](int64_t first, const FloatPack<kWidth>& pack) {
#pragma unroll
    for (int n = 0; n < kWidth; ++n) {
      if (first + n < logits.columns) own.add(pack.values[n], static_cast<int32_t>(first + n));
      if (first + n == target) of_target = pack.values[n];
    }
    if (staged) store_pack<kWidth>(copy + first, kWidth, pack);
  });
  const Exponentials sum = added_up(own, of_warps);
  if (threadIdx.x == 0) {
    results.losses[blockIdx.x] =
        log(static_cast<double>(sum.sum)) + (static_cast<double>(sum.top.value) - static_cast<double>(of_target));
    results.best[blockIdx.x] = sum.top.index;
  }
  if (gradient_scale == 0) return;
  const float factor = gradient_scale / sum.sum;
  for_packs<kWidth>(copy, logits.columns, [&](int64_t first, FloatPack<kWidth> pack) {
#pragma unroll
    for (int n = 0; n < kWidth; ++n) {
      pack.values[n] = dense::exponential(pack.values[n] - sum.top.value) * factor;
      if (first + n == target) pack.values[n] -= gradient_scale;
    }
    store_pack<kWidth>(row + first, logits.columns - first, pack);
  });
}

// A block per row, which it reads once and makes the gradient. 8 bytes, an exponential and a logarithm a number: bound
// by memory; 4 bytes without gradient.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    sigmoid_loss_kernel(const int32_t* __restrict__ targets, MatrixView<float> logits, float gradient_scale,
                        RowResults results) {
  __shared__ CrossEntropies of_warps[kWarps];
  __shared__ float of_target;
  float* const row = row_of(logits, blockIdx.x);
  const int64_t target = targets[blockIdx.x];
  const float factor = gradient_scale / static_cast<float>(logits.columns);
  Highest top = Highest::none();
  float sum = 0;
  for_packs<kWidth>(row, logits.columns, [&](int64_t first, FloatPack<kWidth> pack) {
#pragma unroll
    for (int n = 0; n < kWidth; ++n) {
      const float x = pack.values[n], e = dense::exponential(-fabsf(x)), large = 1.0f / (1.0f + e);
      if (first + n < logits.columns) {
        sum += fmaxf(x, 0.0f) + dense::log_of_one_plus(e);
        if (x > top.value) top = {x, static_cast<int32_t>(first + n)};
      }
      if (first + n == target) of_target = x;
      pack.values[n] = factor * (x < 0.0f ? e * large : large) - (first + n == target ? factor : 0.0f);
    }
    if (gradient_scale != 0) store_pack<kWidth>(row + first, logits.columns - first, pack);
  });
  const CrossEntropies all = added_up(CrossEntropies{top, static_cast<double>(sum)}, of_warps);
  if (threadIdx.x != 0) return;
  results.losses[blockIdx.x] = (all.sum - static_cast<double>(of_target)) / static_cast<double>(logits.columns);
  results.best[blockIdx.x] = all.top.index;
}

// One block: each thread adds up every kThreads-th row, then the upper half of the threads is added to the lower until
// one is left. 16 bytes a row.
__global__ void __launch_bounds__(kThreads)
    add_rows_kernel(const int32_t* __restrict__ targets, RowResults results, int64_t rows, TokenSums* sums) {
  __shared__ double losses[kThreads];
  __shared__ int64_t correct[kThreads];
  double loss = 0;
  int64_t hits = 0;
  for (int64_t row = threadIdx.x; row < rows; row += kThreads) {
    loss += results.losses[row];
    hits += results.best[row] == targets[row] ? 1 : 0;
  }
  losses[threadIdx.x] = loss;
  correct[threadIdx.x] = hits;
  for (int half = kThreads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x >= half) continue;
    losses[threadIdx.x] += losses[threadIdx.x + half];
    correct[threadIdx.x] += correct[threadIdx.x + half];
  }
  if (threadIdx.x != 0) return;
  sums->loss += losses[0];
  sums->correct += correct[0];
}

constexpr int64_t kMostStagedBytes = 32768;  // of a row: five blocks of a multiprocessor of compute capability 8.0

}  // namespace

void token_loss_cuda(Context& context, TokenLoss loss, const int32_t* targets, const MatrixView<float>& logits,
                     float gradient_scale, int32_t* best, TokenSums* sums) {
  CudaResources& cuda = context.cuda();
  DeviceBuffer<double> losses(cuda, logits.rows);
  DeviceBuffer<int32_t> own_best(cuda, best == nullptr ? logits.rows : 0);
  const RowResults results{losses.data(), best == nullptr ? own_best.data() : best};
  const int64_t row_bytes = rounded_up(logits.columns, 4) * static_cast<int64_t>(sizeof(float));
  const bool staged = gradient_scale != 0 && row_bytes <= kMostStagedBytes;
  by_pack_width(in_packs(logits), [&](auto width) {
    if (loss == TokenLoss::kSoftmax) {
      launch(cuda, Kernel("softmax_loss_kernel", softmax_loss_kernel<width.kNumbers>),
             {logits.rows, kThreads, staged ? row_bytes : 0}, targets, logits, gradient_scale, staged, results);
    } else {
      launch(cuda, Kernel("sigmoid_loss_kernel", sigmoid_loss_kernel<width.kNumbers>), {logits.rows, kThreads}, targets,
             logits, gradient_scale, results);
    }
  });
  launch(cuda, Kernel("add_rows_kernel", add_rows_kernel), {1, kThreads}, targets, results, logits.rows, sums);
}

}  // namespace matinee::seq2seq
