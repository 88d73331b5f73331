#include "tests/support/random_seed.h"

#include <cstdio>
#include <cstdlib>
#include <random>

namespace matinee::test {

uint64_t random_seed() {
  static const uint64_t seed = [] {
    const char* wanted = std::getenv("MATINEE_TEST_SEED");
    const uint64_t drawn = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : std::random_device{}();
    std::printf("MATINEE_TEST_SEED=%llu\n", static_cast<unsigned long long>(drawn));
    std::fflush(stdout);
    return drawn;
  }();
  return seed;
}

}  // namespace matinee::test
