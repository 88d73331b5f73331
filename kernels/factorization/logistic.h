#pragma once

#include <cstdint>

#include "kernels/support/philox.h"

namespace matinee::factorization {

// e^x for |x| <= 87, within 2 units in the last place. Written out so that host and device give the same bits, which
// their libraries do not: 2^n times the Taylor polynomial of the rest, |rest| <= ln(2) / 2.
MATINEE_HOST_DEVICE inline float exponential(float x) {
  constexpr float kLog2E = 1.44269504f, kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  constexpr float kRounder = 12582912.0f;  // 1.5 × 2^23: adding it rounds to an integer
  const float n = (x * kLog2E + kRounder) - kRounder;
  const float rest = (x - n * kLn2High) - n * kLn2Low;
  float sum = 1.0f / 5040.0f;
  sum = sum * rest + 1.0f / 720.0f;
  sum = sum * rest + 1.0f / 120.0f;
  sum = sum * rest + 1.0f / 24.0f;
  sum = sum * rest + 1.0f / 6.0f;
  sum = sum * rest + 0.5f;
  sum = sum * rest + 1.0f;
  sum = sum * rest + 1.0f;
  return sum * __builtin_bit_cast(float, (static_cast<int32_t>(n) + 127) << 23);
}

// 1 / (1 + e^-x). NaN stays NaN.
MATINEE_HOST_DEVICE inline float logistic(float x) {
  constexpr float kSaturated = 80.0f;
  if (x > kSaturated) return 1.0f;
  if (x < -kSaturated) return 0.0f;
  if (x != x) return x;
  return 1.0f / (1.0f + exponential(-x));
}

}  // namespace matinee::factorization
