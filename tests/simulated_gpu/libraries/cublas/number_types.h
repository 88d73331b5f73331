#pragma once

#include <cstddef>

#include <cublas_v2.h>

namespace simulated_gpu::cublas {

// 0: not a type of this stand-in.
size_t bytes_of(cudaDataType type);

// How inputs are rounded before they are multiplied.
enum class Rounding { kNone, kTf32, kHalf, kBfloat16 };

double load(const void* data, cudaDataType type, size_t index, Rounding rounding);
void store(void* data, cudaDataType type, size_t index, double value);  // rounds once, to nearest even

}  // namespace simulated_gpu::cublas
