#include "kernels/dense/sgd_step_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::dense {
namespace {

constexpr int kThreads = 256;

// A thread per pack: 16 bytes a parameter: bound by memory.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    sgd_step_kernel(float learning_rate, float* __restrict__ parameters, float* __restrict__ gradient, int64_t count) {
  const int64_t first = grid_thread(blockIdx.x, kThreads, threadIdx.x) * kWidth, left = count - first;
  if (left <= 0) return;
  FloatPack<kWidth> numbers = load_pack<kWidth>(parameters + first, left);
  const FloatPack<kWidth> slopes = load_pack<kWidth>(gradient + first, left);
#pragma unroll
  for (int n = 0; n < kWidth; ++n) numbers.values[n] = fmaf(-learning_rate, slopes.values[n], numbers.values[n]);
  store_pack<kWidth>(parameters + first, left, numbers);
  store_pack<kWidth>(gradient + first, left, FloatPack<kWidth>{});
}

}  // namespace

void sgd_step_cuda(Context& context, float learning_rate, float* parameters, float* gradient, int64_t count) {
  by_pack_width(in_packs(parameters) && in_packs(gradient), [&](auto width) {
    launch(context.cuda(), Kernel("sgd_step_kernel", sgd_step_kernel<width.kNumbers>),
           one_thread_each(pieces(count, width.kNumbers), kThreads), learning_rate, parameters, gradient, count);
  });
}

}  // namespace matinee::dense
