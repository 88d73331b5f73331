#include "kernels/support/philox.h"

#include <cmath>
#include <numbers>

namespace matinee {

double normal(const Philox& generator, uint64_t index) {
  const Philox::Block words = generator.block(index);
  const uint64_t first = words[0] | uint64_t{words[1]} << 32, second = words[2] | uint64_t{words[3]} << 32;
  const double radius_draw = (static_cast<double>(first >> 11) + 0.5) * 0x1.0p-53;  // in (0, 1): never log(0)
  const double angle_draw = static_cast<double>(second >> 11) * 0x1.0p-53;
  return std::sqrt(-2.0 * std::log(radius_draw)) * std::cos(2.0 * std::numbers::pi * angle_draw);
}

}  // namespace matinee
