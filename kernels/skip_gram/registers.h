#pragma once

#include <cstdint>

// Registers of `width` numbers, for functions that are compiled for several processors and that these are inlined into.
// The compiler's own vectors, since loops over many sums at a time are vectorized along the wrong side.
namespace matinee::skip_gram::cpu {

template <int width>
struct RegistersOf {
  typedef float Numbers __attribute__((vector_size(4 * width)));
  typedef int32_t Integers __attribute__((vector_size(4 * width)));
  typedef uint32_t Wrapping __attribute__((vector_size(4 * width)));  // sums of integers that may wrap around
};
template <int width>
using Numbers = typename RegistersOf<width>::Numbers;
template <typename Vector>
inline constexpr int kWidthOf = sizeof(Vector) / sizeof(float);

inline constexpr int kEight = 8, kSixteen = 16;  // numbers of a register of AVX2 and of AVX-512

// In lock-free training, threads read and write rows at the same time. No ordering is needed, and each number is read
// and written whole: relaxed atomics, which in machine code are plain vector accesses. A compiler has no such vectors,
// so that the thread sanitizer alone sees them as the atomics that they stand for.
#ifdef __SANITIZE_THREAD__
template <typename Vector>
[[gnu::always_inline]] inline void load(const float* from, Vector& to) {
  for (unsigned lane = 0; lane < kWidthOf<Vector>; ++lane) {
    float number;
    __atomic_load(from + lane, &number, __ATOMIC_RELAXED);
    to[lane] = number;
  }
}
template <typename Vector>
[[gnu::always_inline]] inline void store(float* to, const Vector& from) {
  for (unsigned lane = 0; lane < kWidthOf<Vector>; ++lane) {
    float number = from[lane];
    __atomic_store(to + lane, &number, __ATOMIC_RELAXED);
  }
}
#else
template <typename Vector>
[[gnu::always_inline]] inline void load(const float* from, Vector& to) {
  __builtin_memcpy(&to, from, sizeof to);
}
template <typename Vector>
[[gnu::always_inline]] inline void store(float* to, const Vector& from) {
  __builtin_memcpy(to, &from, sizeof from);
}
#endif

// sums + weight × numbers, each rounded once
template <typename Vector>
[[gnu::always_inline]] inline void add_fused(float weight, const Vector& numbers, Vector& sums) {
  Vector result;
  for (unsigned lane = 0; lane < kWidthOf<Vector>; ++lane)
    result[lane] = __builtin_fmaf(weight, numbers[lane], sums[lane]);
  sums = result;
}
template <typename Vector>
[[gnu::always_inline]] inline void add_fused(const Vector& left, const Vector& right, Vector& sums) {
  Vector result;
  for (unsigned lane = 0; lane < kWidthOf<Vector>; ++lane)
    result[lane] = __builtin_fmaf(left[lane], right[lane], sums[lane]);
  sums = result;
}

// The end of a dot product: of the lanes of kSixteen sums the upper half on the lower half until one is left.
[[gnu::always_inline]] inline float total(const Numbers<kEight>& low, const Numbers<kEight>& high) {
  const Numbers<kEight> eight = low + high;
  float four[4];
  for (unsigned lane = 0; lane < 4; ++lane) four[lane] = eight[lane] + eight[lane + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}
[[gnu::always_inline]] inline float total(const Numbers<kEight> (&sums)[2]) {
  return total(sums[0], sums[1]);
}
[[gnu::always_inline]] inline float total(const Numbers<kSixteen> (&sums)[1]) {
  return total(__builtin_shufflevector(sums[0], sums[0], 0, 1, 2, 3, 4, 5, 6, 7),
               __builtin_shufflevector(sums[0], sums[0], 8, 9, 10, 11, 12, 13, 14, 15));
}

}  // namespace matinee::skip_gram::cpu
