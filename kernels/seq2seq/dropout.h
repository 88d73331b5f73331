#pragma once

#include <cstdint>

#include "kernels/support/context.h"
#include "kernels/support/philox.h"

namespace matinee::seq2seq {

// Which numbers a dropout keeps: word n % 4 of block n / 4 of the generator decides on number n.
struct DropoutMask {
  uint64_t seed = 0, stream = 0;
  float rate = 0;  // share that is dropped, 0 .. below 1

  MATINEE_HOST_DEVICE_INLINE uint32_t threshold() const { return static_cast<uint32_t>(double{rate} * 4294967296.0); }
  MATINEE_HOST_DEVICE_INLINE float scale() const { return 1.0f / (1.0f - rate); }
};

// to[n] = from[n] / (1 - rate) where the mask keeps n, else 0, for n = 0 .. count-1, in the memory of the device; `to`
// may be `from`. The gradient of a dropout is the same dropout of the gradient. The same bits on CUDA.
// (Srivastava et al., "Dropout", JMLR 2014.)
void dropout(Context& context, const DropoutMask& mask, const float* from, float* to, int64_t count);

void dropout_cpu(Context& context, const DropoutMask& mask, const float* from, float* to, int64_t count);

}  // namespace matinee::seq2seq
