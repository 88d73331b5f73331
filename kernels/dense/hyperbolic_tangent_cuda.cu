#include "kernels/dense/elementary.h"
#include "kernels/dense/hyperbolic_tangent_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::dense {
namespace {

constexpr int kThreads = 256;

// A thread per pack: reads and writes 4 bytes a number, some 30 instructions: bound by memory.
template <int kWidth>
__global__ void __launch_bounds__(kThreads) apply_tanh_kernel(float* __restrict__ values, int64_t count) {
  const int64_t first = grid_thread(blockIdx.x, kThreads, threadIdx.x) * kWidth;
  if (first >= count) return;
  FloatPack<kWidth> pack = load_pack<kWidth>(values + first, count - first);
#pragma unroll
  for (float& value : pack.values) value = hyperbolic_tangent(value);
  store_pack<kWidth>(values + first, count - first, pack);
}

// A thread per pack: 12 bytes a number; bound by memory.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    tanh_gradient_kernel(const float* __restrict__ results, float* __restrict__ gradient, int64_t count) {
  const int64_t first = grid_thread(blockIdx.x, kThreads, threadIdx.x) * kWidth;
  if (first >= count) return;
  const FloatPack<kWidth> tanh = load_pack<kWidth>(results + first, count - first);
  FloatPack<kWidth> pack = load_pack<kWidth>(gradient + first, count - first);
#pragma unroll
  for (int n = 0; n < kWidth; ++n) pack.values[n] *= fmaf(-tanh.values[n], tanh.values[n], 1.0f);
  store_pack<kWidth>(gradient + first, count - first, pack);
}

}  // namespace

void apply_tanh_cuda(Context& context, float* values, int64_t count) {
  by_pack_width(in_packs(values), [&](auto width) {
    launch(context.cuda(), Kernel("apply_tanh_kernel", apply_tanh_kernel<width.kNumbers>),
           one_thread_each(pieces(count, width.kNumbers), kThreads), values, count);
  });
}

void tanh_gradient_cuda(Context& context, const float* results, float* gradient, int64_t count) {
  by_pack_width(in_packs(results) && in_packs(gradient), [&](auto width) {
    launch(context.cuda(), Kernel("tanh_gradient_kernel", tanh_gradient_kernel<width.kNumbers>),
           one_thread_each(pieces(count, width.kNumbers), kThreads), results, gradient, count);
  });
}

}  // namespace matinee::dense
