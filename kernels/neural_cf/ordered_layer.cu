#include "kernels/neural_cf/ordered_layer.cuh"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::neural_cf {
namespace {

constexpr int kTile = 64, kDepth = 16, kOwn = 4, kSide = kTile / kOwn, kThreads = kSide * kSide;

// Rows first … of `matrix`, columns begin …, one column after the other; zeros beyond its ends.
__device__ void stage(const MatrixView<const float>& matrix, int64_t first, int64_t begin,
                      float (&tile)[kDepth][kTile + 1]) {
  for (int n = threadIdx.x; n < kTile * kDepth; n += kThreads) {
    const int64_t row = first + n / kDepth, column = begin + n % kDepth;
    const bool inside = row < matrix.rows && column < matrix.columns;
    tile[n % kDepth][n / kDepth] = inside ? row_of(matrix, row)[column] : 0.0f;
  }
}

// A block per kTile × kTile of y, a thread per kOwn × kOwn of them. 2 flops per element and input; of shared memory
// 2 kOwn numbers are read per kOwn² multiply-adds.
__global__ void __launch_bounds__(kThreads)
    ordered_layer_kernel(MatrixView<const float> x, MatrixView<const float> weights, const float* __restrict__ bias,
                         int64_t column_tiles, MatrixView<float> y) {
  __shared__ float left[kDepth][kTile + 1], right[kDepth][kTile + 1];
  const int64_t top = blockIdx.x / column_tiles * kTile, start = blockIdx.x % column_tiles * kTile;
  const int own_row = threadIdx.x / kSide, own_column = threadIdx.x % kSide;
  float sums[kOwn][kOwn] = {};
  for (int64_t begin = 0; begin < x.columns; begin += kDepth) {
    stage(x, top, begin, left);
    stage(weights, start, begin, right);
    __syncthreads();
    const int depth = static_cast<int>(min(x.columns - begin, int64_t{kDepth}));
    for (int k = 0; k < depth; ++k) {
#pragma unroll
      for (int i = 0; i < kOwn; ++i) {
#pragma unroll
        for (int j = 0; j < kOwn; ++j) {
          sums[i][j] = fmaf(left[k][own_row + i * kSide], right[k][own_column + j * kSide], sums[i][j]);
        }
      }
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
#pragma unroll
    for (int j = 0; j < kOwn; ++j) {
      const int64_t row = top + own_row + i * kSide, column = start + own_column + j * kSide;
      if (row >= y.rows || column >= y.columns) continue;
      const float sum = bias == nullptr ? sums[i][j] : sums[i][j] + bias[column];
      row_of(y, row)[column] = bias != nullptr && sum < 0.0f ? 0.0f : sum;
    }
  }
}

}  // namespace

void ordered_layer(CudaResources& cuda, const MatrixView<const float>& x, const MatrixView<const float>& weights,
                   const float* bias, const MatrixView<float>& y) {
  const int64_t column_tiles = pieces(y.columns, kTile);
  launch(cuda, Kernel("ordered_layer_kernel", ordered_layer_kernel), {column_tiles * pieces(y.rows, kTile), kThreads},
         x, weights, bias, column_tiles, y);
}

}  // namespace matinee::neural_cf
