#include "kernels/dense/bias_cuda.h"
#include "kernels/dense/elementary.h"
#include "kernels/seq2seq/additive_gradient.cuh"
#include "kernels/seq2seq/coefficient_tile.cuh"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::seq2seq {
namespace {

constexpr int kThreads = 64;

// A block has a sequence and kThreads units, a thread each; tile by tile of target steps, whose queries stay in
// registers, the keys go by. With h = tanh(query + key) and e = d_score (1 - h²), both rows' gradients += v Σ e, and
// v_sums = Σ d_score h. A tanh a pair of steps and unit: bound by that. Per tile of target steps keys are read once,
// their gradient is read and written once.
__global__ void __launch_bounds__(kThreads)
    additive_gradient_kernel(DeviceSteps source, DeviceSteps target, AttentionView<const float> operands,
                             MatrixView<const float> d_scores, AttentionView<float> gradient,
                             float* __restrict__ v_sums) {  // (sequences, units)
  __shared__ __align__(16) CoefficientTile tile;
  const int64_t units = operands.keys.columns, unit_tiles = pieces(units, kThreads);
  const int64_t sequence = blockIdx.x / unit_tiles, unit = blockIdx.x % unit_tiles * kThreads + threadIdx.x;
  const bool present = unit < units;
  const float v = present ? operands.v[unit] : 0.0f;
  float v_sum = 0;
  for (int64_t first = 0; first < target.lengths[sequence]; first += kTile) {
    const StepTile targets(target, sequence, first);
    float queries[kTile] = {}, totals[kTile] = {};
    tile.begin(targets);
#pragma unroll
    for (int i = 0; i < kTile; ++i) {
      if (present && i < targets.count) queries[i] = row_of(operands.queries, tile.own_rows[i])[unit];
    }
    for (int64_t first_source = 0; first_source < source.lengths[sequence]; first_source += kTile) {
      const StepTile sources(source, sequence, first_source);
      tile.load<Side::kTarget>(d_scores, targets, sources);
      for (int j = 0; j < (present ? sources.count : 0); ++j) {
        const float key = row_of(operands.keys, tile.other_rows[j])[unit];
        float* const d_key = row_of(gradient.keys, tile.other_rows[j]) + unit;
        const float before = *d_key;
        float sum = 0;
#pragma unroll
        for (int i = 0; i < kTile; ++i) {
          if (i >= targets.count) break;
          const float h = dense::hyperbolic_tangent(queries[i] + key), d_score = tile.numbers[j][i];
          const float e = d_score * fmaf(-h, h, 1.0f);
          totals[i] += e;
          sum += e;
          v_sum = fmaf(d_score, h, v_sum);
        }
        *d_key = fmaf(v, sum, before);
      }
    }
#pragma unroll
    for (int i = 0; i < kTile; ++i) {
      if (present && i < targets.count) row_of(gradient.queries, tile.own_rows[i])[unit] += v * totals[i];
    }
  }
  if (present) v_sums[element(sequence, units, unit)] = v_sum;
}

}  // namespace

void additive_gradient(Context& context, const DeviceSteps& source, const DeviceSteps& target,
                       const AttentionView<const float>& operands, const MatrixView<const float>& d_scores,
                       const AttentionView<float>& gradient) {
  CudaResources& cuda = context.cuda();
  const int64_t units = operands.keys.columns, sequences = target.sequences;
  if (units == 0) return;
  DeviceBuffer<float> v_sums(cuda, sequences * units);
  launch(cuda, Kernel("additive_gradient_kernel", additive_gradient_kernel),
         {sequences * pieces(units, kThreads), kThreads}, source, target, operands, d_scores, gradient, v_sums.data());
  dense::add_column_sums_cuda(context, {v_sums.data(), sequences, units, units}, gradient.v);
}

}  // namespace matinee::seq2seq
