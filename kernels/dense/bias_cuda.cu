#include "kernels/dense/bias_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::dense {
namespace {

constexpr int kFillLanes = 32, kFillRows = 8;  // of a block's threads
constexpr int kFilledRows = 8 * kFillRows;     // by a block

// A block fills kFilledRows rows of as many columns as a warp has in packs. 4 bytes written a number, 4 read for each
// 8 of them.
template <int kWidth>
__global__ void __launch_bounds__(kFillLanes* kFillRows)
    fill_rows_kernel(const float* __restrict__ row, MatrixView<float> matrix, int64_t column_tiles) {
  const int64_t tile = blockIdx.x % column_tiles, first_row = blockIdx.x / column_tiles * kFilledRows;
  const int64_t column = (tile * kFillLanes + threadIdx.x % kFillLanes) * kWidth;
  if (column >= matrix.columns) return;
  const FloatPack<kWidth> pack = load_pack<kWidth>(row + column, matrix.columns - column);
#pragma unroll
  for (int n = 0; n < kFilledRows; n += kFillRows) {
    const int64_t index = first_row + n + threadIdx.x / kFillLanes;
    if (index < matrix.rows) store_pack<kWidth>(row_of(matrix, index) + column, matrix.columns - column, pack);
  }
}

constexpr int kSumColumns = 16, kSumPieces = 32;  // that a block has at once, a thread each

// A block per kSumColumns columns: a thread adds up a piece of a column, then one of a column's threads the pieces. 4
// bytes and an addition a number: bound by memory.
__global__ void __launch_bounds__(kSumColumns* kSumPieces)
    add_column_sums_kernel(MatrixView<const float> matrix, float* __restrict__ sums) {  // (columns)
  __shared__ float piece_sums[kSumPieces][kSumColumns];
  const int place = threadIdx.x % kSumColumns, own = threadIdx.x / kSumColumns;
  const int64_t column = int64_t{blockIdx.x} * kSumColumns + place;
  const bool present = column < matrix.columns, first_thread = own == 0 && present;
  float total = first_thread ? sums[column] : 0.0f;
  for (int64_t top = 0; top < matrix.rows; top += kSumPieces * kSummedRows) {
    const int64_t begin = top + own * kSummedRows, end = min(begin + kSummedRows, matrix.rows);
    if (present && begin < end) {
      float sum = matrix.data[element(begin, matrix.stride, column)];
#pragma unroll 8
      for (int64_t row = begin + 1; row < end; ++row) sum += matrix.data[element(row, matrix.stride, column)];
      piece_sums[own][place] = sum;
    }
    __syncthreads();
    const int64_t count = min(pieces(matrix.rows - top, kSummedRows), int64_t{kSumPieces});
    for (int64_t piece = 0; first_thread && piece < count; ++piece) total += piece_sums[piece][place];
    __syncthreads();
  }
  if (first_thread) sums[column] = total;
}

}  // namespace

void fill_rows_cuda(Context& context, const float* row, const MatrixView<float>& matrix) {
  by_pack_width(in_packs(row) && in_packs(matrix), [&](auto width) {
    const int64_t tiles = pieces(matrix.columns, kFillLanes * width.kNumbers);
    launch(context.cuda(), Kernel("fill_rows_kernel", fill_rows_kernel<width.kNumbers>),
           {tiles * pieces(matrix.rows, kFilledRows), kFillLanes * kFillRows}, row, matrix, tiles);
  });
}

void add_column_sums_cuda(Context& context, const MatrixView<const float>& matrix, float* sums) {
  launch(context.cuda(), Kernel("add_column_sums_kernel", add_column_sums_kernel),
         {pieces(matrix.columns, kSumColumns), kSumColumns * kSumPieces}, matrix, sums);
}

}  // namespace matinee::dense
