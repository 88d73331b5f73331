#include "kernels/dense/bias_cuda.h"
#include "kernels/dense/elementary.h"
#include "kernels/seq2seq/additive_gradient.cuh"
#include "kernels/seq2seq/coefficient_tile.cuh"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::seq2seq {
namespace {

constexpr int kOwn = 16, kOther = 32, kThreads = 128;

// A block has a tile of steps of one sequence and kThreads units, a thread each, and the rows of the other side go by:
// with h = tanh(own + other), sums += v Σ d_score (1 - h²), and where v_sums are wanted, those of the block = Σ d_score
// h. A tanh a pair of steps and unit, for each side: bound by that.
template <Side side>
__global__ void __launch_bounds__(kThreads)
    additive_gradient_kernel(DeviceSteps own_steps, DeviceSteps other_steps, MatrixView<const float> d_scores,
                             const float* __restrict__ v, MatrixView<const float> own_rows,
                             MatrixView<const float> other_rows, MatrixView<float> sums,
                             float* __restrict__ v_sums) {  // (step tiles of all sequences, units) or null
  __shared__ __align__(16) CoefficientTile<kOwn, kOther> tile;
  const int64_t unit_tiles = pieces(sums.columns, kThreads), step_tiles = pieces(own_steps.steps, kOwn);
  const int64_t unit = blockIdx.x % unit_tiles * kThreads + threadIdx.x, block = blockIdx.x / unit_tiles;
  const StepTile<kOwn> own(own_steps, block / step_tiles, block % step_tiles * kOwn);
  own.list(tile.own_rows);
  __syncthreads();
  const bool present = unit < sums.columns;
  float numbers[kOwn] = {}, totals[kOwn] = {}, v_sum = 0;
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
    if (present && i < own.count) numbers[i] = row_of(own_rows, tile.own_rows[i])[unit];
  }
  const int64_t other_count = own.count > 0 ? other_steps.lengths[own.sequence] : 0;
  for (int64_t first = 0; first < other_count; first += kOther) {
    const StepTile<kOther> other(other_steps, own.sequence, first);
    tile.template load<side>(d_scores, own, other);
    for (int j = 0; j < (present ? other.count : 0); ++j) {
      const float number = row_of(other_rows, tile.other_rows[j])[unit];
#pragma unroll
      for (int i = 0; i < kOwn; ++i) {
        if (i >= own.count) break;
        const float h = dense::hyperbolic_tangent(numbers[i] + number), d_score = tile.numbers[j][i];
        totals[i] = fmaf(d_score, fmaf(-h, h, 1.0f), totals[i]);
        v_sum = fmaf(d_score, h, v_sum);
      }
    }
  }
  if (!present) return;
  if (v_sums != nullptr) v_sums[element(block, sums.columns, unit)] = v_sum;
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
    if (i < own.count) row_of(sums, tile.own_rows[i])[unit] += v[unit] * totals[i];
  }
}

int64_t step_tiles(const DeviceSteps& steps) {
  return steps.sequences * pieces(steps.steps, kOwn);
}

}  // namespace

void additive_gradient(Context& context, const DeviceSteps& source, const DeviceSteps& target,
                       const AttentionView<const float>& operands, const MatrixView<const float>& d_scores,
                       const AttentionView<float>& gradient) {
  CudaResources& cuda = context.cuda();
  const int64_t units = operands.keys.columns, tiles = step_tiles(target);
  if (units == 0) return;
  DeviceBuffer<float> v_sums(cuda, tiles * units);
  launch(cuda, Kernel("additive_gradient_kernel", additive_gradient_kernel<Side::kTarget>),
         {tiles * pieces(units, kThreads), kThreads}, target, source, d_scores, operands.v, operands.queries,
         operands.keys, gradient.queries, v_sums.data());
  launch(cuda, Kernel("additive_gradient_kernel", additive_gradient_kernel<Side::kSource>),
         {step_tiles(source) * pieces(units, kThreads), kThreads}, source, target, d_scores, operands.v, operands.keys,
         operands.queries, gradient.keys, nullptr);
  dense::add_column_sums_cuda(context, {v_sums.data(), tiles, units, units}, gradient.v);
}

}  // namespace matinee::seq2seq
