#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace simulated_gpu::test {

// Three 64-bit patterns, to be seen as numbers of any type.
struct Operands {
  uint64_t a, b, c;
};

// Random ones, small ones of either sign, floats and doubles of moderate size, and the extremes of every type: zeros,
// ones, least and most, infinities, NaN, subnormals.
std::vector<Operands> random_operands(size_t count, uint64_t seed);

}  // namespace simulated_gpu::test
