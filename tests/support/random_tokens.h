#pragma once

#include <cstdint>
#include <vector>

#include "kernels/support/philox.h"

namespace matinee::test {

// `count` tokens of 0 .. vocabulary-1, uniform.
inline std::vector<int32_t> random_tokens(uint64_t seed, int64_t count, int64_t vocabulary) {
  const Philox draws(seed, 5);
  std::vector<int32_t> tokens;
  for (int64_t n = 0; n < count; ++n) {
    tokens.push_back(static_cast<int32_t>(draws.below(static_cast<uint64_t>(n), static_cast<uint64_t>(vocabulary))));
  }
  return tokens;
}

}  // namespace matinee::test
