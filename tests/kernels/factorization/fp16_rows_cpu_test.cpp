#include "kernels/factorization/fp16_rows_cpu.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

// Three rows of the bits of halves, and what is done with them.
struct Rows {
  std::vector<uint16_t> p, q, n;
  float product = 0;

  template <typename T>
  [[gnu::always_inline]] void take(const RowStep& step, const RoundingDraws& draws) {
    T* rows[] = {reinterpret_cast<T*>(p.data()), reinterpret_cast<T*>(q.data()), reinterpret_cast<T*>(n.data())};
    const auto stride = static_cast<int64_t>(p.size());
    product = dot<T>(rows[0], rows[1], stride);
    update_factors(rows[0], rows[1], stride, step, draws);
    update_pair(rows[0], rows[1], rows[2], stride, step, draws);
  }
  bool operator==(const Rows& other) const {
    return p == other.p && q == other.q && n == other.n &&
           __builtin_bit_cast(uint32_t, product) == __builtin_bit_cast(uint32_t, other.product);
  }
};

MATINEE_V4 void take_v4(Rows& rows, const RowStep& step, const RoundingDraws& draws) {
  rows.take<Fp16OfRegisters<16>>(step, draws);
}
MATINEE_V3 void take_v3(Rows& rows, const RowStep& step, const RoundingDraws& draws) {
  rows.take<Fp16OfRegisters<8>>(step, draws);
}
void take(Rows& rows, const RowStep& step, const RoundingDraws& draws) {
  rows.take<Fp16>(step, draws);
}

// Every finite half against random ones of its size, and results that are small, large, infinite and not numbers.
TEST(Fp16Rows, AreTheSameBytesOnEveryProcessor) {
  const uint64_t seed = test::random_seed();
  const Philox draws(seed, 1);
  constexpr uint32_t kInfinity = 0x7c00;
  for (const uint32_t sign : {0u, 0x8000u}) {
    Rows start;
    for (uint32_t magnitude = 0; magnitude < kInfinity; ++magnitude) {
      const auto other = [&](uint64_t which) {
        const double drawn = draws.uniform(3 * uint64_t{magnitude} + which);
        return static_cast<uint16_t>((which & 1) << 15 | static_cast<uint32_t>(drawn * (magnitude + 1)));
      };
      start.p.push_back(static_cast<uint16_t>(magnitude | sign));
      start.q.push_back(other(1));
      start.n.push_back(other(2));
    }
    for (const float gradient : {0.0f, 1e-3f, -0.7f, 300.0f, std::numeric_limits<float>::infinity()}) {
      const RowStep step(gradient, {0.05f, 0.02f, 0.03f, 0, 0});
      Rows expected = start;
      take(expected, step, {seed, 7});
      for (const ProcessorLevel level : test::processor_levels()) {
        const test::LimitedLevel limited(level);
        Rows found = start;
        by_level(take_v4, take_v3, take)(found, step, {seed, 7});
        EXPECT_TRUE(found == expected) << "level " << static_cast<int>(level) << ", gradient " << gradient;
      }
    }
  }
}

}  // namespace
}  // namespace matinee::factorization
