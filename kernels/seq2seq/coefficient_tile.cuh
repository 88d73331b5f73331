#pragma once

#include "kernels/seq2seq/attention_steps.cuh"

namespace matinee::seq2seq {

// The coefficients of kOwn steps of this side, whose sums a block makes, with kOther steps of the other.
template <int kOwn, int kOther>
struct CoefficientTile {
  float numbers[kOther][kOwn + 4];  // a row is read in accesses of 16 bytes
  int64_t own_rows[kOwn], other_rows[kOther];

  // Zeros where a step lacks. The block waits before and after; own_rows are there.
  template <Side side>
  __device__ void load(const MatrixView<const float>& coefficients, const StepTile<kOwn>& own,
                       const StepTile<kOther>& other) {
    __syncthreads();
    other.list(other_rows);
    __syncthreads();
    // Neighbouring threads read neighbouring numbers of a row of the target.
    constexpr int kAlong = side == Side::kTarget ? kOther : kOwn;
    for (int n = static_cast<int>(threadIdx.x); n < kOwn * kOther; n += static_cast<int>(blockDim.x)) {
      const int across = n / kAlong, along = n % kAlong;
      const int i = side == Side::kTarget ? across : along, j = side == Side::kTarget ? along : across;
      float number = 0;
      if (i < own.count && j < other.count) {
        number = side == Side::kTarget ? row_of(coefficients, own_rows[i])[other.first + j]
                                       : row_of(coefficients, other_rows[j])[own.first + i];
      }
      numbers[j][i] = number;
    }
    __syncthreads();
  }
  __device__ float4 four(int other, int own) const { return *reinterpret_cast<const float4*>(&numbers[other][own]); }
};

}  // namespace matinee::seq2seq
