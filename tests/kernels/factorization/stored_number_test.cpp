#include "kernels/factorization/stored_number.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

// What the bits of a finite half of so many exponent and digit bits mean.
double value_of(uint16_t bits, int exponent_bits, int digits) {
  const int exponent = (bits >> digits) & ((1 << exponent_bits) - 1), fraction = bits & ((1 << digits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double magnitude = exponent == 0 ? std::ldexp(fraction, 1 - bias - digits)
                                         : std::ldexp((1 << digits) + fraction, exponent - bias - digits);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

constexpr int kFp16Infinity = 0x7c00, kBf16Infinity = 0x7f80;

TEST(StoredNumber, EveryFiniteHalfIsReadAndWrittenBack) {
  for (int magnitude = 0; magnitude < kBf16Infinity; ++magnitude) {
    for (const int sign : {0, 0x8000}) {
      const auto bits = static_cast<uint16_t>(magnitude | sign);
      const float bf16 = widen(Bf16{bits});
      EXPECT_EQ(static_cast<double>(bf16), value_of(bits, 8, 7));
      for (const uint32_t draw : {0u, 0x8000u, 0xffffu}) ASSERT_EQ(narrow<Bf16>(bf16, draw).bits, bits);
      if (magnitude >= kFp16Infinity) continue;
      const float fp16 = widen(Fp16{bits});
      EXPECT_EQ(static_cast<double>(fp16), value_of(bits, 5, 10));
      for (const uint32_t draw : {0u, 0x1000u, 0xffffu}) ASSERT_EQ(narrow<Fp16>(fp16, draw).bits, bits);
    }
  }
}

// Below 2^-14 it is an fp16's number in places of 2^-37 that is rounded, so all may be off by half of one.
constexpr double kHalfAPlace = 0x1p-38;

// Random numbers between neighbours: the upper one is taken as often as the number is near to it.
template <typename T>
void expect_right_on_average(uint16_t largest, float scale) {
  const Philox draws(test::random_seed(), 1);
  for (uint64_t n = 0; n < 40; ++n) {
    const auto value = static_cast<float>(scale * (draws.uniform(n) - 0.5)) * (n % 4 == 0 ? 1e-4f : 1.0f);
    double sum = 0;
    constexpr int kDraws = 1 << 16;
    for (uint32_t draw = 0; draw < kDraws; ++draw) {
      const T narrowed = narrow<T>(value, draw);
      ASSERT_LE(narrowed.bits & 0x7fff, largest);
      sum += static_cast<double>(widen(narrowed));
    }
    const double below = static_cast<double>(widen(narrow<T>(value, 0))), wanted = static_cast<double>(value);
    const double above = static_cast<double>(widen(narrow<T>(value, 0xffff)));
    EXPECT_NEAR(sum / kDraws, wanted, 2e-3 * std::abs(above - below) + kHalfAPlace) << value;
    EXPECT_LE(std::abs(below), std::abs(wanted) + kHalfAPlace);
    EXPECT_LE(std::abs(static_cast<double>(widen(nearest<T>(value))) - wanted),
              0.5 * std::abs(above - below) + kHalfAPlace);
  }
}

TEST(StoredNumber, RoundingIsRightOnAverage) {
  expect_right_on_average<Fp16>(kFp16Infinity - 1, 0.3f);
  expect_right_on_average<Fp16>(kFp16Infinity - 1, 1e-4f);  // where fp16 has fewer digits
  expect_right_on_average<Bf16>(kBf16Infinity - 1, 0.3f);
}

TEST(StoredNumber, WhatIsTooLargeStaysFiniteInFp16AndNaNStaysNaNInBf16) {
  for (const float large : {65519.0f, 1e6f, std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(widen(narrow<Fp16>(large, 0xffff)), 65504.0f);
    EXPECT_EQ(widen(narrow<Fp16>(-large, 0)), -65504.0f);
  }
  for (const uint32_t draw : {0u, 0xffffu}) {
    EXPECT_TRUE(std::isnan(widen(narrow<Bf16>(std::nanf(""), draw))));
    EXPECT_TRUE(std::isinf(widen(narrow<Bf16>(std::numeric_limits<float>::infinity(), draw))));
  }
}

// Each of the three parts of a draw covers its range evenly over ratings, and columns differ.
TEST(RoundingDraws, AreUniformOverRatings) {
  const uint64_t key = test::random_seed();
  constexpr int kRatings = 20000;
  for (const int64_t column : {0, 1, 63, 4095}) {
    double sums[3] = {};
    int above[3] = {}, same = 0;
    for (int64_t rating = 0; rating < kRatings; ++rating) {
      const RoundingDraws draws(key, rating);
      const uint32_t draw = draws(column);
      const uint32_t parts[3] = {RoundingDraws::first(draw), RoundingDraws::second(draw), RoundingDraws::third(draw)};
      for (int n = 0; n < 3; ++n) {
        sums[n] += parts[n] / 65536.0;
        above[n] += (parts[n] & 0x1fff) > 0x1000;
      }
      same += parts[0] == RoundingDraws::first(draws(column + 1));
    }
    for (int n = 0; n < 3; ++n) {
      EXPECT_NEAR(sums[n] / kRatings, 0.5, 0.02);
      EXPECT_NEAR(above[n] / static_cast<double>(kRatings), 0.5, 0.03);
    }
    EXPECT_LT(same, 20);
  }
}

}  // namespace
}  // namespace matinee::factorization
