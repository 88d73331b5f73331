#pragma once

#include <cstdint>

namespace matinee::factorization {

// Rows of factors are padded with zeros to a multiple of kLanes.
inline constexpr int kLanes = 16;

constexpr int64_t padded(int64_t factors) {
  return (factors + kLanes - 1) / kLanes * kLanes;
}

}  // namespace matinee::factorization
