#include <algorithm>

#include "kernels/seq2seq/dropout.h"
#include "kernels/support/multiversion.h"

namespace matinee::seq2seq {
namespace {

constexpr int64_t kGrain = 1 << 14;  // a multiple of the words of a block

MATINEE_MULTIVERSION void drop(const DropoutMask& mask, const float* from, float* to, int64_t begin, int64_t end) {
  const Philox generator(mask.seed, mask.stream);
  const uint32_t threshold = mask.threshold();
  const float scale = mask.scale();
  for (int64_t first = begin; first < end; first += 4) {
    const Philox::Block draws = generator.block(static_cast<uint64_t>(first / 4));
    const int64_t words = std::min<int64_t>(4, end - first);
    for (int64_t word = 0; word < words; ++word) {
      to[first + word] = draws[static_cast<int>(word)] < threshold ? 0.0f : from[first + word] * scale;
    }
  }
}

}  // namespace

void dropout_cpu(Context& context, const DropoutMask& mask, const float* from, float* to, int64_t count) {
  if (mask.rate == 0) {
    if (to != from) std::copy_n(from, count, to);
    return;
  }
  parallel_blocks(context, count, kGrain, [&](int64_t begin, int64_t end, int) { drop(mask, from, to, begin, end); });
}

}  // namespace matinee::seq2seq
