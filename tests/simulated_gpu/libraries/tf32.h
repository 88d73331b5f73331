#pragma once

#include <cstdint>
#include <cstring>

namespace simulated_gpu {

// Eleven significant bits, to nearest, ties away from zero (cvt.rna.tf32.f32).
inline float to_tf32(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7f800000u) == 0x7f800000u) return value;  // infinite or NaN
  bits = (bits + 0x1000u) & ~0x1fffu;
  std::memcpy(&value, &bits, sizeof bits);
  return value;
}

}  // namespace simulated_gpu
