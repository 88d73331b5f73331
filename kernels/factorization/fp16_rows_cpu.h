#pragma once

#include <cstdint>

#include "kernels/factorization/rating_update.h"
#include "kernels/support/multiversion.h"

// Steps on rows of fp16 that the processor converts, by F16C or AVX-512: the same bytes as those of rating_update.h for
// every number that narrow() gives. For functions with MATINEE_V3 or MATINEE_V4 that these are inlined into.
namespace matinee::factorization {

// A number of a row of which `width`, a register of fp32, are converted at a time.
template <int width>
struct ConvertedFp16 {
  static constexpr int kWidth = width;
  typedef float Numbers __attribute__((vector_size(4 * width)));
  typedef uint32_t Bits __attribute__((vector_size(4 * width)));

  uint16_t bits;
};

// What functions for registers of so many numbers take rows of fp16 for.
#ifdef MATINEE_LEVELS
template <int width>
using Fp16OfRegisters = ConvertedFp16<width>;
#else
template <int width>
using Fp16OfRegisters = Fp16;
#endif

template <typename T>
concept Converted = T::kWidth >
0;

// As instructions, since the compiler's names for them cannot stand in functions that are inlined into others.
template <Converted T>
[[gnu::always_inline]] inline void load(const T* from, typename T::Numbers& to) {
  using Halves = const T[T::kWidth];
  asm("vcvtph2ps %1, %0" : "=v"(to) : "m"(*reinterpret_cast<Halves*>(from)));
}
template <Converted T>
[[gnu::always_inline]] inline void store_truncated(const typename T::Numbers& from, T* to) {
  using Halves = T[T::kWidth];
  asm("vcvtps2ph $3, %1, %0" : "=m"(*reinterpret_cast<Halves*>(to)) : "v"(from));
}

// narrow(): 13 bits of a draw are added below the last place of the half, then what is below it is cut off. Numbers
// below 2^-14 are moved up to where the bits below that place are as many, and back.
template <Converted T>
[[gnu::always_inline]] inline void store_rounded(const typename T::Numbers& from, const typename T::Bits& draws,
                                                 T* to) {
  using Numbers = typename T::Numbers;
  using Bits = typename T::Bits;
  constexpr uint32_t kMagnitude = 0x7fffffffu;
  constexpr float kLargest = 65504.0f;
  const Bits sign = (Bits)from & ~kMagnitude;
  Numbers magnitude = (Numbers)((Bits)from & kMagnitude);
  magnitude = magnitude < kLargest ? magnitude : Numbers{} + kLargest;
  const Bits below = (Bits)(magnitude < kLeastNormal);
  const Numbers shift = (Numbers)(below & kLeastNormalBits);
  const Numbers raised = (Numbers)((Bits)(magnitude + shift) + (draws & 0x1fffu)) - shift;
  const Numbers most =
      (Numbers)(kLeastNormalBits | (~below & 0x47000000u));  // of those below 2^-14 that, else infinity
  const Numbers rounded = raised < most ? raised : most;
  store_truncated((Numbers)((Bits)rounded | sign), to);
}

template <Converted T>
[[gnu::always_inline]] inline float dot(const T* __restrict p, const T* __restrict q, int64_t stride) {
  constexpr int kParts = kLanes / T::kWidth;
  typename T::Numbers sums[kParts] = {};
  for (int64_t k = 0; k < stride; k += kLanes) {
#pragma GCC unroll 2
    for (int part = 0; part < kParts; ++part) {
      typename T::Numbers left, right;
      load(p + k + part * T::kWidth, left);
      load(q + k + part * T::kWidth, right);
      sums[part] += left * right;
    }
  }
  float lanes[kLanes];
  static_assert(sizeof lanes == sizeof sums);
  __builtin_memcpy(lanes, sums, sizeof lanes);
  return total(lanes);
}

// The numbers 0 .. width-1.
template <Converted T>
[[gnu::always_inline]] inline void count_up(typename T::Bits& columns) {
  for (unsigned lane = 0; lane < T::kWidth; ++lane) columns[lane] = lane;
}

template <Converted T>
[[gnu::always_inline]] inline void update_factors(T* __restrict p, T* __restrict q, int64_t stride, const RowStep& step,
                                                  const RoundingDraws& draws) {
  typename T::Bits columns;
  count_up<T>(columns);
  for (int64_t k = 0; k < stride; k += T::kWidth, columns += T::kWidth) {
    typename T::Numbers wide_p, wide_q;
    load(p + k, wide_p);
    load(q + k, wide_q);
    step.apply(wide_p, wide_q);
    typename T::Bits draw;
    draws.draw(columns, draw);
    store_rounded(wide_p, draw >> 16, p + k);
    store_rounded(wide_q, draw, q + k);
  }
}

template <Converted T>
[[gnu::always_inline]] inline void update_pair(T* __restrict p, T* __restrict q, T* __restrict n, int64_t stride,
                                               const RowStep& step, const RoundingDraws& draws) {
  typename T::Bits columns;
  count_up<T>(columns);
  for (int64_t k = 0; k < stride; k += T::kWidth, columns += T::kWidth) {
    typename T::Numbers wide_p, wide_q, wide_n;
    load(p + k, wide_p);
    load(q + k, wide_q);
    load(n + k, wide_n);
    step.apply(wide_p, wide_q, wide_n);
    typename T::Bits draw;
    draws.draw(columns, draw);
    store_rounded(wide_p, draw >> 16, p + k);
    store_rounded(wide_q, draw, q + k);
    store_rounded(wide_n, (draw * RoundingDraws::kThird) >> 16, n + k);
  }
}

}  // namespace matinee::factorization
