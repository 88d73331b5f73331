#include "kernels/dense/adam_step_cuda.h"
#include "kernels/dense/adam_update.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/warp_sum.cuh"

namespace matinee::dense {
namespace {

constexpr int kWarp = 32, kWarps = 8;
static_assert(kSummedLanes == kWarp, "a thread has a lane of a piece");

// A warp per piece: 4 bytes and a multiply-add a number: bound by memory.
__global__ void __launch_bounds__(kWarps* kWarp)
    piece_squares_kernel(const float* __restrict__ gradient, int64_t count, double* __restrict__ squares) {  // (pieces)
  const int64_t piece = grid_thread(blockIdx.x, kWarps * kWarp, threadIdx.x) / kWarp;
  const int64_t begin = piece * kSummedNumbers, end = min(begin + kSummedNumbers, count);
  if (begin >= end) return;
  double sum = 0;
#pragma unroll 8
  for (int64_t n = begin + threadIdx.x % kWarp; n < end; n += kWarp) {
    const auto number = static_cast<double>(gradient[n]);
    sum += number * number;
  }
  sum = warp_sum(sum);
  if (threadIdx.x % kWarp == 0) squares[piece] = sum;
}

constexpr int kAddThreads = 256;

// One block: 8 bytes and an addition a piece, one after the other.
__global__ void __launch_bounds__(kAddThreads)
    add_squares_kernel(const double* __restrict__ squares, int64_t piece_count, double* __restrict__ total) {
  __shared__ double staged[kAddThreads];
  double sum = 0;
  for (int64_t first = 0; first < piece_count; first += kAddThreads) {
    const int64_t own = first + threadIdx.x;
    if (own < piece_count) staged[threadIdx.x] = squares[own];
    __syncthreads();
    const int64_t count = min(piece_count - first, int64_t{kAddThreads});
    for (int64_t n = 0; threadIdx.x == 0 && n < count; ++n) sum += staged[n];
    __syncthreads();
  }
  if (threadIdx.x == 0) *total = sum;
}

constexpr int kThreads = 256;

// A thread per pack: 32 bytes a parameter: bound by memory.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    adam_step_kernel(AdamUpdate update, const double* __restrict__ squares, AdamState state) {
  const int64_t first = grid_thread(blockIdx.x, kThreads, threadIdx.x) * kWidth, left = state.count - first;
  if (left <= 0) return;
  if (!update.taken(squares)) {
    store_pack<kWidth>(state.gradient + first, left, FloatPack<kWidth>{});
    return;
  }
  const float factor = update.factor(squares);
  FloatPack<kWidth> parameters = load_pack<kWidth>(state.parameters + first, left);
  const FloatPack<kWidth> gradient = load_pack<kWidth>(state.gradient + first, left);
  FloatPack<kWidth> mean = load_pack<kWidth>(state.mean + first, left);
  FloatPack<kWidth> square = load_pack<kWidth>(state.square + first, left);
#pragma unroll
  for (int n = 0; n < kWidth; ++n) {
    parameters.values[n] =
        update.step(parameters.values[n], gradient.values[n] * factor, mean.values[n], square.values[n]);
  }
  store_pack<kWidth>(state.parameters + first, left, parameters);
  store_pack<kWidth>(state.gradient + first, left, FloatPack<kWidth>{});
  store_pack<kWidth>(state.mean + first, left, mean);
  store_pack<kWidth>(state.square + first, left, square);
}

}  // namespace

void squared_gradient_cuda(Context& context, const float* gradient, int64_t count, double* squares) {
  CudaResources& cuda = context.cuda();
  DeviceBuffer<double> piece_squares(cuda, pieces(count, kSummedNumbers));
  launch(cuda, Kernel("piece_squares_kernel", piece_squares_kernel),
         {pieces(piece_squares.size(), kWarps), kWarps * kWarp}, gradient, count, piece_squares.data());
  launch(cuda, Kernel("add_squares_kernel", add_squares_kernel), {1, kAddThreads}, piece_squares.data(),
         piece_squares.size(), squares);
}

void adam_step_cuda(Context& context, const AdamSettings& settings, int64_t step, const double* squares,
                    const AdamState& state) {
  const bool packs =
      in_packs(state.parameters) && in_packs(state.gradient) && in_packs(state.mean) && in_packs(state.square);
  by_pack_width(packs, [&](auto width) {
    launch(context.cuda(), Kernel("adam_step_kernel", adam_step_kernel<width.kNumbers>),
           one_thread_each(pieces(state.count, width.kNumbers), kThreads), AdamUpdate(settings, step), squares, state);
  });
}

}  // namespace matinee::dense
