#include "libraries/cublas/number_types.h"

#include <cstdint>
#include <cstring>

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "libraries/tf32.h"

namespace simulated_gpu::cublas {
namespace {

float rounded(float value, Rounding rounding) {
  switch (rounding) {
    case Rounding::kTf32:
      return to_tf32(value);
    case Rounding::kHalf:
      return __half2float(__float2half(value));
    case Rounding::kBfloat16:
      return __bfloat162float(__float2bfloat16(value));
    default:
      return value;
  }
}

template <typename T>
T at(const void* data, size_t index) {
  T value;
  std::memcpy(&value, static_cast<const unsigned char*>(data) + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
void put(void* data, size_t index, T value) {
  std::memcpy(static_cast<unsigned char*>(data) + index * sizeof(T), &value, sizeof(T));
}

}  // namespace

size_t bytes_of(cudaDataType type) {
  switch (type) {
    case CUDA_R_8I:
      return 1;
    case CUDA_R_16F:
    case CUDA_R_16BF:
      return 2;
    case CUDA_R_32F:
    case CUDA_R_32I:
      return 4;
    case CUDA_R_64F:
      return 8;
    default:
      return 0;
  }
}

double load(const void* data, cudaDataType type, size_t index, Rounding rounding) {
  switch (type) {
    case CUDA_R_8I:
      return at<int8_t>(data, index);
    case CUDA_R_16F:
      return __half2float(at<__half>(data, index));
    case CUDA_R_16BF:
      return __bfloat162float(at<__nv_bfloat16>(data, index));
    case CUDA_R_32I:
      return at<int32_t>(data, index);
    case CUDA_R_64F:
      return at<double>(data, index);
    default:
      return rounded(at<float>(data, index), rounding);
  }
}

void store(void* data, cudaDataType type, size_t index, double value) {
  switch (type) {
    case CUDA_R_16F:
      return put(data, index, __double2half(value));
    case CUDA_R_16BF:
      return put(data, index, __double2bfloat16(value));
    case CUDA_R_64F:
      return put(data, index, value);
    default:
      return put(data, index, static_cast<float>(value));
  }
}

}  // namespace simulated_gpu::cublas
