#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/ranking/top_n.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::ranking {
namespace {

std::vector<RankedItem> top(Device device, const std::vector<float>& scores, const SparseView& seen,
                            const std::vector<int32_t>& users, int64_t length) {
  Context context(device, 2);
  const auto rows = static_cast<int64_t>(users.size());
  std::vector<RankedItem> best(static_cast<std::size_t>(rows * length), RankedItem{-7, -7});
  top_n(context, {scores.data(), rows, seen.columns, seen.columns}, seen, users, {best.data(), rows, length, length});
  return best;
}

// On a coarse grid, so that ties are many; some infinite, zeros of both signs.
std::vector<float> tied_scores(int64_t count, uint64_t values) {
  const Philox draws(test::random_seed(), stream_id(RandomStream::kSynthetic, values));
  std::vector<float> scores;
  for (int64_t n = 0; n < count; ++n) {
    const auto draw = static_cast<float>(draws.below(static_cast<uint64_t>(n), values));
    const float sign = n % 2 == 0 ? 1.0F : -1.0F;
    scores.push_back(draw == 3 ? -std::numeric_limits<float>::infinity() : sign * (draw - 2));
  }
  return scores;
}

TEST(TopNCuda, IsThatOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  for (const int32_t items : {0, 1, 31, 33, 131, 1300, 2300}) {
    const auto seen = engine::by_user(test::random_ratings(13, items, 0.3, test::random_seed()));
    const std::vector<int32_t> users = {12, 0, 3, 3, 7};
    for (const uint64_t values : {1, 7, 1'000'000}) {
      const auto scores = tied_scores(5 * items, values);
      for (const int64_t length : {0, 1, 10, 100, 1100}) {
        const auto expected = top(Device{}, scores, seen.view(), users, length);
        const auto found = top(test::cuda_device(), scores, seen.view(), users, length);
        for (std::size_t n = 0; n < expected.size(); ++n) {
          ASSERT_EQ(found[n].item, expected[n].item) << items << " items, " << length << " wanted, place " << n;
          ASSERT_EQ(found[n].score, expected[n].score);
          ASSERT_EQ(std::signbit(found[n].score), std::signbit(expected[n].score));
        }
      }
    }
  }
}

TEST(TopNCuda, OfNobodyIsNothing) {
  MATINEE_NEEDS_CUDA();
  const auto seen = engine::by_user(test::random_ratings(3, 5, 0.5, 1));
  EXPECT_TRUE(top(test::cuda_device(), {}, seen.view(), {}, 4).empty());
}

TEST(TopNCuda, RefusesNaNAndNamesTheFirstUserAndItem) {
  MATINEE_NEEDS_CUDA();
  const auto seen = engine::by_user(test::random_ratings(9, 131, 0.0, 1));
  for (const int64_t place : {0, 77, 130}) {
    std::vector<float> scores(3 * 131);
    for (std::size_t n = 0; n < scores.size(); ++n) scores[n] = -static_cast<float>(n);
    scores[static_cast<std::size_t>(131 + place)] = std::numeric_limits<float>::quiet_NaN();
    scores[2 * 131] = std::numeric_limits<float>::quiet_NaN();
    try {
      top(test::cuda_device(), scores, seen.view(), {8, 5, 2}, 3);
      FAIL() << "NaN at " << place << " was ranked";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
      EXPECT_NE(std::string(error.what()).find("user 5 for item " + std::to_string(place) + " "), std::string::npos)
          << error.what();
    }
  }
}

TEST(TopNCuda, NaNOfASeenItemDoesNotCount) {
  MATINEE_NEEDS_CUDA();
  const auto seen = engine::by_user(test::random_ratings(1, 40, 0.5, test::random_seed()));
  std::vector<float> scores(40, 1.0F);
  for (const int32_t item : seen.indices) scores[static_cast<std::size_t>(item)] = std::nanf("");
  const auto expected = top(Device{}, scores, seen.view(), {0}, 40);
  const auto found = top(test::cuda_device(), scores, seen.view(), {0}, 40);
  for (std::size_t n = 0; n < expected.size(); ++n) EXPECT_EQ(found[n].item, expected[n].item);
}

}  // namespace
}  // namespace matinee::ranking
