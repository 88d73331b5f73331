#pragma once

#include <cmath>
#include <cstdint>

namespace matinee::engine {

// Of two vectors of `count` numbers; 0 where one is zero. Sums are in double, in the order of the numbers.
inline double cosine(const float* a, const float* b, int64_t count) {
  double product = 0, squares_a = 0, squares_b = 0;
  for (int64_t k = 0; k < count; ++k) {
    const double x = static_cast<double>(a[k]), y = static_cast<double>(b[k]);
    product += x * y;
    squares_a += x * x;
    squares_b += y * y;
  }
  const double norms = std::sqrt(squares_a) * std::sqrt(squares_b);
  return norms > 0 ? product / norms : 0;
}

}  // namespace matinee::engine
