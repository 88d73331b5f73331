#include <cmath>

#include "kernels/dense/elementary.h"
#include "kernels/seq2seq/attention_scores.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/warp_sum.cuh"

// A block has a tile of target steps of one sequence. Rows of source steps go by tile by tile, kDepth columns at a time
// in shared memory; what a target step has with each source step stays in shared memory until the row is complete.
namespace matinee::seq2seq {
namespace {

constexpr int kDepth = 32, kWarp = 32, kThreads = 256;
constexpr int kLanes = 16;                 // threads along either side of a tile, each with two steps of it
constexpr int64_t kMostStagedSteps = 256;  // of a source; longer rows of scores are in device memory until complete
static_assert(kLanes * kLanes == kThreads && 2 * kLanes == kTile);

using Columns = float[kDepth][kTile + 1];  // of the rows of a tile, transposed; no two threads on one bank

struct Pairs {
  DeviceSteps source, target;
  MatrixView<const float> sources, targets;  // as many columns
  const float* v;                            // (columns), for kAdditive
  MatrixView<float> rows;                    // (target rows × source steps)
  int64_t staged_stride;                     // of rows in shared memory; 0: they are in `rows`

  Pairs(const DeviceSteps& source_steps, const DeviceSteps& target_steps, const MatrixView<const float>& source_rows,
        const MatrixView<const float>& target_rows, const float* of_v, const MatrixView<float>& pair_rows)
      : source(source_steps),
        target(target_steps),
        sources(source_rows),
        targets(target_rows),
        v(of_v),
        rows(pair_rows),
        // Half of a warp writes one row, half the next: to different banks.
        staged_stride(source.steps > kMostStagedSteps ? 0 : rounded_up(source.steps, kWarp) + kWarp / 2) {}

  LaunchShape shape() const {
    return {target.sequences * pieces(target.steps, kTile), kThreads,
            kTile * staged_stride * static_cast<int64_t>(sizeof(float))};
  }
};

struct TileMemory {
  Columns targets, sources;
  float v[kDepth];
  int64_t target_rows[kTile], source_rows[kTile];
};

template <int kWidth>
__device__ void load_columns(const MatrixView<const float>& matrix, const int64_t (&rows)[kTile], int count,
                             int64_t first_column, Columns& to) {
  constexpr int kPacks = kDepth / kWidth;
#pragma unroll
  for (int n = threadIdx.x; n < kTile * kPacks; n += kThreads) {
    const int step = n / kPacks, place = n % kPacks * kWidth;
    const int64_t column = first_column + place;
    FloatPack<kWidth> pack = {};
    if (step < count) pack = load_pack<kWidth>(row_of(matrix, rows[step]) + column, matrix.columns - column);
#pragma unroll
    for (int i = 0; i < kWidth; ++i) to[place + i][step] = pack.values[i];
  }
}

template <AttentionScore score>
__device__ float add_score(float v, float target, float source, float sum) {
  if constexpr (score == AttentionScore::kDot) return fmaf(target, source, sum);
  return fmaf(v, dense::hyperbolic_tangent(target + source), sum);
}

// The rows of a block, one for each target step of its tile: in shared or in device memory.
struct PairRows {
  float* first;  // staged
  int64_t stride;
  const TileMemory& tile;
  MatrixView<float> rows;

  __device__ PairRows(const Pairs& pairs, const TileMemory& memory, float* staged)
      : first(pairs.staged_stride > 0 ? staged : nullptr),
        stride(pairs.staged_stride),
        tile(memory),
        rows(pairs.rows) {}
  __device__ float* operator[](int step) const {
    return first != nullptr ? first + step * stride : row_of(rows, tile.target_rows[step]);
  }
};

// rows[t][s] = the score of each step t of the tile with each source step s.
template <AttentionScore score, int kWidth>
__device__ void score_pairs(const Pairs& pairs, const StepTile& target, TileMemory& memory, const PairRows& rows) {
  const int t = threadIdx.x / kLanes, s = threadIdx.x % kLanes;
  const int64_t columns = pairs.targets.columns;
  for (int64_t first = 0; first < pairs.source.lengths[target.sequence]; first += kTile) {
    const StepTile source(pairs.source, target.sequence, first);
    source.list(memory.source_rows);
    float sums[2][2] = {};
    for (int64_t column = 0; column < columns; column += kDepth) {
      __syncthreads();
      load_columns<kWidth>(pairs.targets, memory.target_rows, target.count, column, memory.targets);
      load_columns<kWidth>(pairs.sources, memory.source_rows, source.count, column, memory.sources);
      if (score == AttentionScore::kAdditive && threadIdx.x < kDepth) {
        memory.v[threadIdx.x] = column + threadIdx.x < columns ? pairs.v[column + threadIdx.x] : 0.0f;
      }
      __syncthreads();
      const int depth = static_cast<int>(min(columns - column, int64_t{kDepth}));
      if (t >= target.count || s >= source.count) continue;
#pragma unroll 4
      for (int k = 0; k < depth; ++k) {
        const float v = score == AttentionScore::kAdditive ? memory.v[k] : 0.0f;
#pragma unroll
        for (int n = 0; n < 4; ++n) {
          float& sum = sums[n / 2][n % 2];
          sum = add_score<score>(v, memory.targets[k][t + n / 2 * kLanes], memory.sources[k][s + n % 2 * kLanes], sum);
        }
      }
    }
#pragma unroll
    for (int n = 0; n < 4; ++n) {
      const int step = t + n / 2 * kLanes, place = s + n % 2 * kLanes;
      if (step < target.count && place < source.count) rows[step][first + place] = sums[n / 2][n % 2];
    }
    __syncthreads();
  }
}

// By a warp: weights (columns) = softmax of `scores` (steps), 0 beyond. `scores` may be `weights`.
__device__ void softmax(float* scores, int64_t steps, float* weights, int64_t columns) {
  const int lane = threadIdx.x % kWarp;
  float top = -INFINITY, sum = 0;
  for (int64_t s = lane; s < steps; s += kWarp) top = fmaxf(top, scores[s]);
  for (int distance = kWarp / 2; distance > 0; distance /= 2) top = fmaxf(top, __shfl_xor_sync(~0u, top, distance));
  for (int64_t s = lane; s < steps; s += kWarp) {
    const float e = dense::exponential(scores[s] - top);
    scores[s] = e;
    sum += e;
  }
  sum = warp_sum(sum);
  for (int64_t s = lane; s < columns; s += kWarp) weights[s] = s < steps ? scores[s] / sum : 0.0f;
}

// Per pair of steps 2 flops a unit, with kAdditive a tanh: bound by that, or by shared memory, which gives one number a
// flop. Reads the rows of the target steps once for each tile of the source, those of the source once for each tile of
// the target; writes 4 bytes a pair.
template <AttentionScore score, int kWidth>
__global__ void __launch_bounds__(kThreads) attention_weights_kernel(Pairs pairs, MatrixView<float> weights) {
  extern __shared__ float4 staged[];
  __shared__ TileMemory memory;
  const int64_t tiles = pieces(pairs.target.steps, kTile);
  const StepTile target(pairs.target, blockIdx.x / tiles, blockIdx.x % tiles * kTile);
  if (target.count == 0) return;
  target.list(memory.target_rows);
  __syncthreads();
  const PairRows rows(pairs, memory, reinterpret_cast<float*>(staged));
  score_pairs<score, kWidth>(pairs, target, memory, rows);
  for (int step = threadIdx.x / kWarp; step < target.count; step += kThreads / kWarp) {
    softmax(rows[step], pairs.source.lengths[target.sequence], row_of(weights, memory.target_rows[step]),
            weights.columns);
  }
}

// d_weights = d_contexts · valuesᵀ for a sequence, and d_scores = weights (d_weights - Σ weights d_weights). As above;
// reads 4 more bytes a pair.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    score_gradient_kernel(Pairs pairs, MatrixView<const float> weights, MatrixView<float> d_scores) {
  extern __shared__ float4 staged[];
  __shared__ TileMemory memory;
  const int64_t tiles = pieces(pairs.target.steps, kTile);
  const StepTile target(pairs.target, blockIdx.x / tiles, blockIdx.x % tiles * kTile);
  if (target.count == 0) return;
  target.list(memory.target_rows);
  __syncthreads();
  const PairRows rows(pairs, memory, reinterpret_cast<float*>(staged));
  score_pairs<AttentionScore::kDot, kWidth>(pairs, target, memory, rows);
  const int64_t steps = pairs.source.lengths[target.sequence];
  for (int step = threadIdx.x / kWarp; step < target.count; step += kThreads / kWarp) {
    const float* own = row_of(weights, memory.target_rows[step]);
    const float* d_weights = rows[step];
    float* to = row_of(d_scores, memory.target_rows[step]);
    float sum = 0;
    for (int64_t s = threadIdx.x % kWarp; s < steps; s += kWarp) sum = fmaf(own[s], d_weights[s], sum);
    sum = warp_sum(sum);
    for (int64_t s = threadIdx.x % kWarp; s < steps; s += kWarp) to[s] = own[s] * (d_weights[s] - sum);
  }
}

}  // namespace

void attention_weights(CudaResources& cuda, AttentionScore score, const DeviceSteps& source, const DeviceSteps& target,
                       const AttentionView<const float>& operands, const MatrixView<float>& weights) {
  const Pairs pairs(source, target, operands.keys, operands.queries, operands.v, weights);
  by_pack_width(in_packs(operands.keys) && in_packs(operands.queries), [&](auto width) {
    constexpr int kWidth = decltype(width)::kNumbers;
    const Kernel kernel("attention_weights_kernel", score == AttentionScore::kDot
                                                        ? attention_weights_kernel<AttentionScore::kDot, kWidth>
                                                        : attention_weights_kernel<AttentionScore::kAdditive, kWidth>);
    launch(cuda, kernel, pairs.shape(), pairs, weights);
  });
}

void score_gradient(CudaResources& cuda, const DeviceSteps& source, const DeviceSteps& target,
                    const MatrixView<const float>& values, const MatrixView<const float>& weights,
                    const MatrixView<const float>& d_contexts, const MatrixView<float>& d_scores) {
  const Pairs pairs(source, target, values, d_contexts, nullptr, d_scores);
  by_pack_width(in_packs(values) && in_packs(d_contexts), [&](auto width) {
    launch(cuda, Kernel("score_gradient_kernel", score_gradient_kernel<width.kNumbers>), pairs.shape(), pairs, weights,
           d_scores);
  });
}

}  // namespace matinee::seq2seq
