#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/support/host_device.h"

// exp, σ and tanh from exactly rounded operations alone, the same bits on host and device, without branches, so that
// loops over them vectorize. NaN stays NaN.
namespace matinee::dense {

// e^x - 1 and the power of two that it lacks: e^x = scale · (1 + rest), |ln(1 + rest)| <= ln(2) / 2.
struct SplitExponential {
  float scale, rest;
};

// x is taken as -87 below, as 88 above.
MATINEE_HOST_DEVICE_INLINE SplitExponential split_exponential(float x) {
  constexpr float kLeast = -87.0f, kMost = 88.0f;
  constexpr float kLog2E = 1.44269504f, kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  constexpr float kRounder = 12582912.0f;  // 1.5 × 2^23: adding it rounds to an integer
  float bounded = x < kLeast ? kLeast : x;
  bounded = bounded > kMost ? kMost : bounded;
  const float shifted = bounded * kLog2E + kRounder, n = shifted - kRounder;
  const float y = fmaf(-n, kLn2Low, fmaf(-n, kLn2High, bounded));
  // (e^y - 1) / y, Taylor
  float sum = 1.0f / 5040.0f;
  sum = fmaf(sum, y, 1.0f / 720.0f);
  sum = fmaf(sum, y, 1.0f / 120.0f);
  sum = fmaf(sum, y, 1.0f / 24.0f);
  sum = fmaf(sum, y, 1.0f / 6.0f);
  sum = fmaf(sum, y, 0.5f);
  sum = fmaf(sum, y, 1.0f);
  const int32_t power = __builtin_bit_cast(int32_t, shifted) - __builtin_bit_cast(int32_t, kRounder);
  return {__builtin_bit_cast(float, (power + 127) << 23), sum * y};
}

// Within 2 units in the last place where e^x is a normal number.
MATINEE_HOST_DEVICE_INLINE float exponential(float x) {
  const SplitExponential split = split_exponential(x);
  return fmaf(split.scale, split.rest, split.scale);
}

// σ(x) = 1 / (1 + e^-x)
MATINEE_HOST_DEVICE_INLINE float sigmoid(float x) {
  const float e = exponential(-fabsf(x));
  const float large = 1.0f / (1.0f + e);
  return x < 0.0f ? e * large : large;
}

// Accurate in relative terms near 0 too: with m = e^-2|x| - 1, tanh |x| = -m / (2 + m).
MATINEE_HOST_DEVICE_INLINE float hyperbolic_tangent(float x) {
  const SplitExponential split = split_exponential(-2.0f * fabsf(x));
  const float m = fmaf(split.scale, split.rest, split.scale - 1.0f);
  return copysignf(-m / (2.0f + m), x);
}

// ln(1 + e^-|x|), what a binary cross-entropy adds to max(x, 0): from e = e^-|x| by the series of the inverse
// hyperbolic tangent, ln(1 + e) = 2 artanh z, z = e / (2 + e) <= 1/3.
MATINEE_HOST_DEVICE_INLINE float log_of_one_plus(float e) {
  const float z = e / (2.0f + e), square = z * z;
  float series = 1.0f / 13.0f;
  series = fmaf(series, square, 1.0f / 11.0f);
  series = fmaf(series, square, 1.0f / 9.0f);
  series = fmaf(series, square, 1.0f / 7.0f);
  series = fmaf(series, square, 1.0f / 5.0f);
  series = fmaf(series, square, 1.0f / 3.0f);
  series = fmaf(series, square, 1.0f);
  return 2.0f * z * series;
}

}  // namespace matinee::dense
