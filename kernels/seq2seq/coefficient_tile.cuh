#pragma once

#include "kernels/seq2seq/attention_steps.cuh"

namespace matinee::seq2seq {

// Whose sums a block makes: those of target steps over the source steps, or the other way round.
enum class Side { kTarget, kSource };

// The coefficients of a tile of steps of this side with a tile of steps of the other, in shared memory.
struct CoefficientTile {
  float numbers[kTile][kTile + 4];  // (other, own); a row is read in accesses of 16 bytes
  int64_t own_rows[kTile], other_rows[kTile];

  // The block begins with another tile of its own side.
  __device__ void begin(const StepTile& own) {
    __syncthreads();
    own.list(own_rows);
    __syncthreads();
  }
  // Zeros where a step lacks.
  template <Side side>
  __device__ void load(const MatrixView<const float>& coefficients, const StepTile& own, const StepTile& other) {
    __syncthreads();
    other.list(other_rows);
    __syncthreads();
    // Neighbouring threads read neighbouring numbers of a row of the target.
    for (int n = static_cast<int>(threadIdx.x); n < kTile * kTile; n += static_cast<int>(blockDim.x)) {
      const int t = n / kTile, s = n % kTile;
      const int i = side == Side::kTarget ? t : s, j = side == Side::kTarget ? s : t;
      float number = 0;
      if (i < own.count && j < other.count) {
        number = side == Side::kTarget ? row_of(coefficients, own_rows[t])[other.first + s]
                                       : row_of(coefficients, other_rows[t])[own.first + s];
      }
      numbers[j][i] = number;
    }
    __syncthreads();
  }
  __device__ float4 four(int other, int own) const { return *reinterpret_cast<const float4*>(&numbers[other][own]); }
};

}  // namespace matinee::seq2seq
