#include "kernels/support/philox.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace matinee {
namespace {

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Philox, ReproducesThePublishedVectors) {
  EXPECT_EQ(Philox(0, 0).block(0), (Philox::Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox(~uint64_t{0}, ~uint64_t{0}).block(~uint64_t{0}),
            (Philox::Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Philox, DrawsIntegersBelowTheBoundEvenly) {
  const Philox draws(test::random_seed(), 7);
  for (const uint64_t bound : {1ULL, 2ULL, 31ULL, 1ULL << 40}) {
    double mean = 0;
    for (uint64_t index = 0; index < 20000; ++index) {
      const uint64_t draw = draws.below(index, bound);
      ASSERT_LT(draw, bound);
      mean += static_cast<double>(draw) / 20000;
    }
    const double expected = static_cast<double>(bound - 1) / 2;
    EXPECT_NEAR(mean, expected, 6 * static_cast<double>(bound) / std::sqrt(12.0 * 20000) + 1e-9);
  }
}

TEST(Philox, NormalDrawsHaveMeanZeroAndVarianceOne) {
  const Philox draws(test::random_seed(), 8);
  double sum = 0, squares = 0;
  constexpr int kDraws = 40000;
  for (uint64_t index = 0; index < kDraws; ++index) {
    const double draw = normal(draws, index);
    sum += draw;
    squares += draw * draw;
  }
  EXPECT_NEAR(sum / kDraws, 0, 6 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 6 * std::sqrt(2.0 / kDraws));
}

}  // namespace
}  // namespace matinee
