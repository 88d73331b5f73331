#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/support/host_device.h"

// exp, σ, tanh and what is made from them, from exactly rounded operations alone, the same bits on host and device,
// without branches, so that loops over them vectorize. NaN stays NaN.
namespace matinee::dense {

// e^x = scale · (1 + y · quotient), where quotient = (e^y - 1) / y by its Taylor polynomial, |y| <= ln(2) / 2.
struct SplitExponential {
  float scale, y, quotient;
};

// For -87 <= x <= 88.
MATINEE_HOST_DEVICE_INLINE SplitExponential split_exponential(float x) {
  constexpr float kLog2E = 1.44269504f, kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  constexpr float kRounder = 12582912.0f;  // 1.5 × 2^23: adding it rounds to an integer
  const float shifted = x * kLog2E + kRounder, n = shifted - kRounder;
  const float y = fmaf(-n, kLn2Low, fmaf(-n, kLn2High, x));
  float sum = 1.0f / 5040.0f;
  sum = fmaf(sum, y, 1.0f / 720.0f);
  sum = fmaf(sum, y, 1.0f / 120.0f);
  sum = fmaf(sum, y, 1.0f / 24.0f);
  sum = fmaf(sum, y, 1.0f / 6.0f);
  sum = fmaf(sum, y, 0.5f);
  sum = fmaf(sum, y, 1.0f);
  const int32_t power = __builtin_bit_cast(int32_t, shifted) - __builtin_bit_cast(int32_t, kRounder);
  return {__builtin_bit_cast(float, (power + 127) << 23), y, sum};
}

// x, taken as -87 below and as 88 above.
MATINEE_HOST_DEVICE_INLINE float within_exponents(float x) {
  constexpr float kLeast = -87.0f, kMost = 88.0f;
  const float bounded = x < kLeast ? kLeast : x;
  return bounded > kMost ? kMost : bounded;
}

// Within 2 units in the last place where e^x is a normal number.
MATINEE_HOST_DEVICE_INLINE float exponential(float x) {
  const SplitExponential split = split_exponential(within_exponents(x));
  return fmaf(split.scale, split.quotient * split.y, split.scale);
}

// e^x - 1, accurate in relative terms near 0 too.
MATINEE_HOST_DEVICE_INLINE float exponential_less_one(float x) {
  const SplitExponential split = split_exponential(within_exponents(x));
  return fmaf(split.scale, split.quotient * split.y, split.scale - 1.0f);
}

// σ(x) = 1 / (1 + e^-x)
MATINEE_HOST_DEVICE_INLINE float sigmoid(float x) {
  const float e = exponential(-fabsf(x));
  const float large = 1.0f / (1.0f + e);
  return x < 0.0f ? e * large : large;
}

// Accurate in relative terms near 0 too: with m = e^-2|x| - 1, tanh |x| = -m / (2 + m).
MATINEE_HOST_DEVICE_INLINE float hyperbolic_tangent(float x) {
  const float m = exponential_less_one(-2.0f * fabsf(x));
  return copysignf(-m / (2.0f + m), x);
}

// artanh z for 0 <= z <= 1/3. With z = e / (2 + e), twice that is ln(1 + e).
MATINEE_HOST_DEVICE_INLINE float inverse_hyperbolic_tangent(float z) {
  const float square = z * z;
  float series = 1.0f / 13.0f;
  series = fmaf(series, square, 1.0f / 11.0f);
  series = fmaf(series, square, 1.0f / 9.0f);
  series = fmaf(series, square, 1.0f / 7.0f);
  series = fmaf(series, square, 1.0f / 5.0f);
  series = fmaf(series, square, 1.0f / 3.0f);
  series = fmaf(series, square, 1.0f);
  return z * series;
}

// ln(1 + e) for 0 <= e <= 1. Of e = e^-|x| it is what a binary cross-entropy adds to max(x, 0).
MATINEE_HOST_DEVICE_INLINE float log_of_one_plus(float e) {
  return 2.0f * inverse_hyperbolic_tangent(e / (2.0f + e));
}

MATINEE_HOST_DEVICE_INLINE float relu(float x) {
  return x < 0.0f ? 0.0f : x;
}

// -label ln σ(x) - (1 - label) ln(1 - σ(x)) of log odds x.
MATINEE_HOST_DEVICE_INLINE float binary_cross_entropy(float x, float label) {
  return fmaf(-x, label, relu(x)) + log_of_one_plus(exponential(-fabsf(x)));
}

}  // namespace matinee::dense
