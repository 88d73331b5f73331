#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/support/host_device.h"

namespace matinee::skip_gram {

// e^y for y <= 0, below -80 that of -80 and of NaN: 2^n times the Taylor polynomial of the rest, |rest| <= ln(2) / 2.
MATINEE_HOST_DEVICE inline float exponential(float y) {
  constexpr float kLeast = -80.0f, kLog2E = 1.44269504f, kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  constexpr float kRounder = 12582912.0f;  // 1.5 × 2^23: adding it rounds to an integer
  const float bounded = y > kLeast ? y : kLeast;
  const float n = (bounded * kLog2E + kRounder) - kRounder;
  const float rest = fmaf(-n, kLn2Low, fmaf(-n, kLn2High, bounded));
  float sum = 1.0f / 5040.0f;
  sum = fmaf(sum, rest, 1.0f / 720.0f);
  sum = fmaf(sum, rest, 1.0f / 120.0f);
  sum = fmaf(sum, rest, 1.0f / 24.0f);
  sum = fmaf(sum, rest, 1.0f / 6.0f);
  sum = fmaf(sum, rest, 0.5f);
  sum = fmaf(sum, rest, 1.0f);
  sum = fmaf(sum, rest, 1.0f);
  return sum * __builtin_bit_cast(float, (static_cast<int32_t>(n) + 127) << 23);
}

// σ(x) = 1 / (1 + e^-x) and -ln σ(-x) = ln(1 + e^x), what a pair costs whose label is 0.
struct Sigmoid {
  float value, loss;
};

// Both within a few units in the last place, from exactly rounded operations alone: the same bits on every device. No
// branch, so that loops over it vectorize. NaN shows in the loss.
MATINEE_HOST_DEVICE inline Sigmoid sigmoid(float x) {
  const float size = fabsf(x), e = exponential(-size);
  // ln(1 + e) = 2 artanh z, z = e / (2 + e) <= 1/3; one division for both results
  const float both = 1.0f / ((1.0f + e) * (2.0f + e));
  const float large = (2.0f + e) * both, z = e * (1.0f + e) * both, square = z * z;
  float series = 1.0f / 13.0f;
  series = fmaf(series, square, 1.0f / 11.0f);
  series = fmaf(series, square, 1.0f / 9.0f);
  series = fmaf(series, square, 1.0f / 7.0f);
  series = fmaf(series, square, 1.0f / 5.0f);
  series = fmaf(series, square, 1.0f / 3.0f);
  series = fmaf(series, square, 1.0f);
  return {x < 0.0f ? e * large : large, 0.5f * (x + size) + 2.0f * z * series};
}

}  // namespace matinee::skip_gram
