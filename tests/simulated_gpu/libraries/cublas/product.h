#pragma once

#include <cstdint>
#include <vector>

#include "libraries/cublas/gemm.h"
#include "libraries/cublas/number_types.h"

namespace simulated_gpu::cublas {

// One product of the batch. The scalars are as the compute type has them.
// Integers are exact, modulo 2^32; others are added in double and rounded once.
void multiply_integers(const Gemm& gemm, int64_t index, int32_t alpha, int32_t beta);
void multiply_floats(const Gemm& gemm, int64_t index, double alpha, double beta, Rounding rounding);

}  // namespace simulated_gpu::cublas
