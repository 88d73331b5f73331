#pragma once

#include <cstdint>

#include "kernels/support/grid.h"
#include "kernels/support/matrix_view.h"

namespace matinee {

// Consecutive numbers that a thread reads or writes in one access: of 16 bytes with kWidth 4, where addresses allow it.
template <int kWidth>
struct alignas(kWidth * sizeof(float)) FloatPack {
  float values[kWidth];
};

// Of `left` numbers at `from`, those beyond are 0.
template <int kWidth>
__device__ inline FloatPack<kWidth> load_pack(const float* from, int64_t left) {
  if (left >= kWidth) return *reinterpret_cast<const FloatPack<kWidth>*>(from);
  FloatPack<kWidth> pack = {};
#pragma unroll
  for (int n = 0; n < kWidth; ++n) {
    if (n < left) pack.values[n] = from[n];
  }
  return pack;
}

template <int kWidth>
__device__ inline void store_pack(float* to, int64_t left, const FloatPack<kWidth>& pack) {
  if (left >= kWidth) {
    *reinterpret_cast<FloatPack<kWidth>*>(to) = pack;
    return;
  }
#pragma unroll
  for (int n = 0; n < kWidth; ++n) {
    if (n < left) to[n] = pack.values[n];
  }
}

template <typename T>
__device__ inline T* row_of(const MatrixView<T>& matrix, int64_t row) {
  return matrix.data + element(row, matrix.stride, 0);
}

// Whether packs of 4 can be read from there on, and from the begin of every row.
inline bool in_packs(const float* numbers) {
  return reinterpret_cast<uintptr_t>(numbers) % sizeof(FloatPack<4>) == 0;
}

inline bool in_packs(const MatrixView<const float>& matrix) {
  return in_packs(matrix.data) && (matrix.stride % 4 == 0 || matrix.rows <= 1);
}

// work(constant 4) where all of it lies in packs, else work(constant 1).
template <int kWidth>
struct PackWidth {
  static constexpr int kNumbers = kWidth;
};

template <typename Work>
auto by_pack_width(bool packs, const Work& work) {
  return packs ? work(PackWidth<4>{}) : work(PackWidth<1>{});
}

}  // namespace matinee
