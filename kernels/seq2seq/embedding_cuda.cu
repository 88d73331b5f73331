#include "kernels/seq2seq/embedding_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::seq2seq {
namespace {

constexpr int kWarp = 32, kWarps = 8;

// The warp's number in the grid.
__device__ int64_t grid_warp() {
  return grid_thread(blockIdx.x, kWarps * kWarp, threadIdx.x) / kWarp;
}

// A warp per row. 8 bytes a number and 4 a row: bound by memory.
template <int kWidth>
__global__ void __launch_bounds__(kWarps* kWarp)
    embed_kernel(const int32_t* __restrict__ tokens, MatrixView<const float> table, MatrixView<float> vectors) {
  const int64_t row = grid_warp();
  if (row >= vectors.rows) return;
  const float* from = row_of(table, tokens[row]);
  float* to = row_of(vectors, row);
  for (int64_t k = int64_t{threadIdx.x} % kWarp * kWidth; k < vectors.columns; k += kWarp * kWidth) {
    store_pack<kWidth>(to + k, vectors.columns - k, load_pack<kWidth>(from + k, vectors.columns - k));
  }
}

// Where the rows of the different tokens are.
struct RowLists {
  const int32_t* tokens;  // (different)
  const int32_t* starts;  // (different + 1)
  const int32_t* rows;
  int64_t different;
};

template <int kWidth>
__device__ void add(const FloatPack<kWidth>& pack, FloatPack<kWidth>& sum) {
#pragma unroll
  for (int n = 0; n < kWidth; ++n) sum.values[n] += pack.values[n];
}

constexpr int kRowsAtOnce = 8;  // on their way to a thread

// A warp per token and kWidth columns a lane: its rows one after the other. 4 bytes a number, 8 a number of the table,
// an addition: bound by memory, and where a token has hundreds of rows by their latency.
template <int kWidth>
__global__ void __launch_bounds__(kWarps* kWarp)
    embed_gradient_kernel(RowLists lists, MatrixView<const float> gradient, int64_t column_tiles,
                          MatrixView<float> table_gradient) {
  const int64_t number = grid_warp() / column_tiles, tile = grid_warp() % column_tiles;
  if (number >= lists.different) return;
  const int lane = static_cast<int>(threadIdx.x) % kWarp;
  const int64_t k = (tile * kWarp + lane) * kWidth, left = gradient.columns - k;
  float* to = row_of(table_gradient, lists.tokens[number]) + k;
  FloatPack<kWidth> sum = load_pack<kWidth>(to, left);
  const int32_t end = lists.starts[number + 1];
  for (int32_t first = lists.starts[number]; first < end; first += kWarp) {
    const int32_t own = first + lane < end ? lists.rows[first + lane] : 0;
    const int count = min(end - first, kWarp);
    for (int n = 0; n < count; n += kRowsAtOnce) {
      FloatPack<kWidth> packs[kRowsAtOnce];
#pragma unroll
      for (int i = 0; i < kRowsAtOnce; ++i) {
        if (n + i < count) {
          packs[i] = load_pack<kWidth>(row_of(gradient, __shfl_sync(~0u, own, n + i)) + k, left);
        }
      }
#pragma unroll
      for (int i = 0; i < kRowsAtOnce; ++i) {
        if (n + i < count) add(packs[i], sum);
      }
    }
  }
  store_pack<kWidth>(to, left, sum);
}

}  // namespace

void embed_cuda(Context& context, const TokenRows& tokens, const MatrixView<const float>& table,
                const MatrixView<float>& vectors) {
  by_pack_width(in_packs(table) && in_packs(vectors), [&](auto width) {
    launch(context.cuda(), Kernel("embed_kernel", embed_kernel<width.kNumbers>),
           {pieces(tokens.rows(), kWarps), kWarps * kWarp}, tokens.tokens(), table, vectors);
  });
}

void embed_gradient_cuda(Context& context, const TokenRows& tokens, const MatrixView<const float>& gradient,
                         const MatrixView<float>& table_gradient) {
  const RowLists lists{tokens.different_tokens(), tokens.row_starts(), tokens.token_rows(), tokens.different()};
  by_pack_width(in_packs(gradient) && in_packs(table_gradient), [&](auto width) {
    const int64_t tiles = pieces(gradient.columns, kWarp * width.kNumbers);
    launch(context.cuda(), Kernel("embed_gradient_kernel", embed_gradient_kernel<width.kNumbers>),
           {pieces(lists.different * tiles, kWarps), kWarps * kWarp}, lists, gradient, tiles, table_gradient);
  });
}

}  // namespace matinee::seq2seq
