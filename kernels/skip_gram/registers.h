#pragma once

#include <cstdint>

// Registers of eight numbers, for functions that are compiled for several vector widths and that these are inlined
// into. The compiler's own vectors, since loops over many sums at a time are vectorized along the wrong side.
namespace matinee::skip_gram::cpu {

inline constexpr int kEight = 8;
using Eight = float __attribute__((vector_size(4 * kEight)));
using EightIntegers = int32_t __attribute__((vector_size(4 * kEight)));
using EightWrapping = uint32_t __attribute__((vector_size(4 * kEight)));  // sums of integers that may wrap around

// In lock-free training, threads read and write rows at the same time. No ordering is needed, and each number is read
// and written whole: relaxed atomics, which in machine code are plain vector accesses. A compiler has no such vectors,
// so that the thread sanitizer alone sees them as the atomics that they stand for.
#ifdef __SANITIZE_THREAD__
[[gnu::always_inline]] inline void load(const float* from, Eight& to) {
  for (unsigned lane = 0; lane < kEight; ++lane) {
    float number;
    __atomic_load(from + lane, &number, __ATOMIC_RELAXED);
    to[lane] = number;
  }
}
[[gnu::always_inline]] inline void store(float* to, const Eight& from) {
  for (unsigned lane = 0; lane < kEight; ++lane) {
    float number = from[lane];
    __atomic_store(to + lane, &number, __ATOMIC_RELAXED);
  }
}
#else
[[gnu::always_inline]] inline void load(const float* from, Eight& to) {
  __builtin_memcpy(&to, from, sizeof to);
}
[[gnu::always_inline]] inline void store(float* to, const Eight& from) {
  __builtin_memcpy(to, &from, sizeof from);
}
#endif

// sums + weight × numbers, each rounded once
[[gnu::always_inline]] inline void add_fused(float weight, const Eight& numbers, Eight& sums) {
  Eight result;
  for (unsigned lane = 0; lane < kEight; ++lane) result[lane] = __builtin_fmaf(weight, numbers[lane], sums[lane]);
  sums = result;
}
[[gnu::always_inline]] inline void add_fused(const Eight& left, const Eight& right, Eight& sums) {
  Eight result;
  for (unsigned lane = 0; lane < kEight; ++lane) result[lane] = __builtin_fmaf(left[lane], right[lane], sums[lane]);
  sums = result;
}

}  // namespace matinee::skip_gram::cpu
