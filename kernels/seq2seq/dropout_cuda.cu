#include "kernels/seq2seq/dropout_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::seq2seq {
namespace {

constexpr int kThreads = 256;
constexpr int kWords = 4;  // of a block of the generator

// A thread per block of the generator and its numbers: 32 bytes read and written, some 100 integer instructions: bound
// by memory. `to` may be `from`.
template <int kWidth>
__global__ void __launch_bounds__(kThreads)
    dropout_kernel(DropoutMask mask, const float* from, float* to, int64_t count) {
  const int64_t block = grid_thread(blockIdx.x, kThreads, threadIdx.x), first = block * kWords;
  if (first >= count) return;
  const Philox::Block words = Philox(mask.seed, mask.stream).block(static_cast<uint64_t>(block));
  const uint32_t threshold = mask.threshold();
  const float scale = mask.scale();
#pragma unroll
  for (int word = 0; word < kWords; word += kWidth) {
    const int64_t left = count - first - word;
    if (left <= 0) return;
    FloatPack<kWidth> pack = load_pack<kWidth>(from + first + word, left);
#pragma unroll
    for (int n = 0; n < kWidth; ++n) {
      pack.values[n] = words[word + n] < threshold ? 0.0f : pack.values[n] * scale;
    }
    store_pack<kWidth>(to + first + word, left, pack);
  }
}

}  // namespace

void dropout_cuda(Context& context, const DropoutMask& mask, const float* from, float* to, int64_t count) {
  by_pack_width(in_packs(from) && in_packs(to), [&](auto width) {
    launch(context.cuda(), Kernel("dropout_kernel", dropout_kernel<width.kNumbers>),
           one_thread_each(pieces(count, kWords), kThreads), mask, from, to, count);
  });
}

}  // namespace matinee::seq2seq
