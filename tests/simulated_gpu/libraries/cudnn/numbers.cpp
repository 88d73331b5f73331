#include "libraries/cudnn/numbers.h"

#include <cstring>

#include <cuda_fp16.h>

#include "libraries/tf32.h"

namespace simulated_gpu::cudnn {

size_t bytes_of(cudnnDataType_t type) {
  return type == CUDNN_DATA_FLOAT ? 4 : type == CUDNN_DATA_HALF ? 2 : 0;
}

void load(const void* data, cudnnDataType_t type, size_t count, float* values) {
  if (type == CUDNN_DATA_FLOAT) {
    std::memcpy(values, data, count * sizeof(float));
    return;
  }
  const auto* halves = static_cast<const __half*>(data);
  for (size_t n = 0; n < count; ++n) values[n] = __half2float(halves[n]);
}

void store(void* data, cudnnDataType_t type, size_t count, const float* values) {
  if (type == CUDNN_DATA_FLOAT) {
    std::memcpy(data, values, count * sizeof(float));
    return;
  }
  auto* halves = static_cast<__half*>(data);
  for (size_t n = 0; n < count; ++n) halves[n] = __float2half(values[n]);
}

float stored(float value, cudnnDataType_t type) {
  return type == CUDNN_DATA_HALF ? __half2float(__float2half(value)) : value;
}

Rounding rounding_of(cudnnDataType_t type, cudnnMathType_t math) {
  if (type != CUDNN_DATA_FLOAT || math == CUDNN_FMA_MATH) return Rounding::kNone;
  return math == CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION ? Rounding::kHalf : Rounding::kTf32;
}

float rounded(float value, Rounding rounding) {
  switch (rounding) {
    case Rounding::kTf32:
      return to_tf32(value);
    case Rounding::kHalf:
      return stored(value, CUDNN_DATA_HALF);
    default:
      return value;
  }
}

}  // namespace simulated_gpu::cudnn
