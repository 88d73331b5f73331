#pragma once

#include <cstdint>

namespace matinee::test {

// A fresh seed for the test that asks: printed with the test's failure, repeated with MATINEE_TEST_SEED=N.
uint64_t random_seed();

}  // namespace matinee::test
