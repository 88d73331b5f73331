#pragma once

#include <cstddef>

#include <cudnn.h>

namespace simulated_gpu::cudnn {

// 0: not a type of this stand-in.
size_t bytes_of(cudnnDataType_t type);

void load(const void* data, cudnnDataType_t type, size_t count, float* values);
void store(void* data, cudnnDataType_t type, size_t count, const float* values);  // rounds to nearest even

// As it comes back after it was stored.
float stored(float value, cudnnDataType_t type);

// How the inputs of matrix products are rounded: as coarse as the math type permits the tensor cores of an A100.
enum class Rounding { kNone, kTf32, kHalf };
Rounding rounding_of(cudnnDataType_t type, cudnnMathType_t math);
float rounded(float value, Rounding rounding);

}  // namespace simulated_gpu::cudnn
