#pragma once

#include <cmath>

#include "kernels/dense/elementary.h"
#include "kernels/support/host_device.h"

namespace matinee::skip_gram {

// e^y for y <= 0, below -80 that of -80 and of NaN.
MATINEE_HOST_DEVICE inline float exponential(float y) {
  constexpr float kLeast = -80.0f;
  const dense::SplitExponential split = dense::split_exponential(y > kLeast ? y : kLeast);
  return fmaf(split.quotient, split.y, 1.0f) * split.scale;
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
  const float large = (2.0f + e) * both, z = e * (1.0f + e) * both;
  return {x < 0.0f ? e * large : large, 0.5f * (x + size) + 2.0f * dense::inverse_hyperbolic_tangent(z)};
}

}  // namespace matinee::skip_gram
