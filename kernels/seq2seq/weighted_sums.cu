#include "kernels/seq2seq/weighted_sums.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::seq2seq {
namespace {

constexpr int kThreads = 128;

// A block has a tile of steps of one sequence and kThreads columns, a thread each, and the rows of the other side go
// by. 2 flops a pair of steps and column; a number that is read serves kTile sums, coefficients come from shared memory
// 16 bytes at a time: bound by arithmetic. Reads 4 bytes a pair for each block of columns.
template <Side side>
__global__ void __launch_bounds__(kThreads)
    weighted_sums_kernel(DeviceSteps own_steps, DeviceSteps other_steps, MatrixView<const float> coefficients,
                         MatrixView<const float> rows, bool accumulate, MatrixView<float> sums) {
  __shared__ __align__(16) CoefficientTile tile;
  const int64_t column_tiles = pieces(sums.columns, kThreads), step_tiles = pieces(own_steps.steps, kTile);
  const int64_t column = blockIdx.x % column_tiles * kThreads + threadIdx.x, block = blockIdx.x / column_tiles;
  const StepTile own(own_steps, block / step_tiles, block % step_tiles * kTile);
  if (own.count == 0) return;
  tile.begin(own);
  const bool present = column < sums.columns;
  float totals[kTile] = {};
  for (int64_t first = 0; first < other_steps.lengths[own.sequence]; first += kTile) {
    const StepTile other(other_steps, own.sequence, first);
    tile.load<side>(coefficients, own, other);
#pragma unroll 4
    for (int j = 0; j < (present ? other.count : 0); ++j) {
      const float number = row_of(rows, tile.other_rows[j])[column];
#pragma unroll
      for (int i = 0; i < kTile; i += 4) {
        const float4 c = tile.four(j, i);
        totals[i] = fmaf(c.x, number, totals[i]);
        totals[i + 1] = fmaf(c.y, number, totals[i + 1]);
        totals[i + 2] = fmaf(c.z, number, totals[i + 2]);
        totals[i + 3] = fmaf(c.w, number, totals[i + 3]);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < kTile; ++i) {
    if (!present || i >= own.count) continue;
    float& sum = row_of(sums, tile.own_rows[i])[column];
    sum = accumulate ? sum + totals[i] : totals[i];
  }
}

}  // namespace

void weighted_sums(CudaResources& cuda, Side side, bool accumulate, const DeviceSteps& source,
                   const DeviceSteps& target, const MatrixView<const float>& coefficients,
                   const MatrixView<const float>& rows, const MatrixView<float>& sums) {
  const DeviceSteps& own = side == Side::kTarget ? target : source;
  const DeviceSteps& other = side == Side::kTarget ? source : target;
  const Kernel kernel("weighted_sums_kernel", side == Side::kSource ? weighted_sums_kernel<Side::kSource>
                                                                    : weighted_sums_kernel<Side::kTarget>);
  launch(cuda, kernel, {own.sequences * pieces(own.steps, kTile) * pieces(sums.columns, kThreads), kThreads}, own,
         other, coefficients, rows, accumulate, sums);
}

}  // namespace matinee::seq2seq
