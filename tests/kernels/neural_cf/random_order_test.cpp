#include "kernels/neural_cf/random_order.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace matinee::neural_cf {
namespace {

std::vector<int64_t> order_of(int64_t count, uint64_t seed, uint64_t epoch) {
  const RandomOrder order(count, seed, epoch);
  std::vector<int64_t> places;
  for (int64_t n = 0; n < count; ++n) places.push_back(order[n]);
  return places;
}

TEST(RandomOrder, HasEachPlaceOnce) {
  const uint64_t seed = test::random_seed();
  for (const int64_t count : {1, 2, 3, 4, 5, 31, 33, 131, 1024, 1025, 10'007}) {
    auto places = order_of(count, seed, 1);
    std::ranges::sort(places);
    for (int64_t n = 0; n < count; ++n) ASSERT_EQ(places[static_cast<std::size_t>(n)], n) << count;
  }
}

TEST(RandomOrder, DiffersFromSeedToSeedAndFromEpochToEpoch) {
  const uint64_t seed = test::random_seed();
  EXPECT_EQ(order_of(131, seed, 1), order_of(131, seed, 1));
  EXPECT_NE(order_of(131, seed, 1), order_of(131, seed, 2));
  EXPECT_NE(order_of(131, seed, 1), order_of(131, seed + 1, 1));
}

// The sum over n of n · place(n) of a random permutation is normal about its mean.
TEST(RandomOrder, IsUncorrelatedWithThePlainOrder) {
  constexpr int64_t kCount = 10'007;
  const auto places = order_of(kCount, test::random_seed(), 0);
  constexpr double kMiddle = (kCount - 1) / 2.0, kVariance = (static_cast<double>(kCount) * kCount - 1) / 12;
  double sum = 0;
  for (int64_t n = 0; n < kCount; ++n) {
    sum += (static_cast<double>(n) - kMiddle) * (static_cast<double>(places[static_cast<std::size_t>(n)]) - kMiddle);
  }
  EXPECT_LT(std::abs(sum / (kVariance * kCount)), 7 / std::sqrt(static_cast<double>(kCount)));
}

}  // namespace
}  // namespace matinee::neural_cf
