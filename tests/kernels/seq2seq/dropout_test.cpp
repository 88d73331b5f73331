#include "kernels/seq2seq/dropout.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/random_seed.h"

namespace matinee::seq2seq {
namespace {

TEST(Dropout, DropsTheShareAndScalesTheRest) {
  Context context({}, 2);
  constexpr int64_t kCount = 200'001;
  const std::vector<float> ones(kCount, 1.0f);
  for (const float rate : {0.0f, 0.2f, 0.9f}) {
    std::vector<float> kept(kCount, 7.0f);
    dropout(context, {test::random_seed(), 3, rate}, ones.data(), kept.data(), kCount);
    double dropped = 0;
    for (const float number : kept) {
      if (number == 0) {
        ++dropped;
      } else {
        ASSERT_EQ(number, 1.0f / (1.0f - rate));
      }
    }
    const double p = rate;
    EXPECT_NEAR(dropped, kCount * p, 5 * std::sqrt(kCount * p * (1 - p)));
  }
}

TEST(Dropout, HasTheSameMaskForAnyNumberOfThreadsAndForItsGradient) {
  Context one({}, 1), three({}, 3);
  constexpr int64_t kCount = 50'003;
  const DropoutMask mask = {test::random_seed(), 9, 0.3f};
  const std::vector<float> ones(kCount, 1.0f);
  std::vector<float> expected(kCount), in_place = ones;
  dropout(one, mask, ones.data(), expected.data(), kCount);
  dropout(three, mask, in_place.data(), in_place.data(), kCount);
  EXPECT_EQ(in_place, expected);
}

TEST(Dropout, DiffersFromStreamToStream) {
  Context context({}, 1);
  const std::vector<float> ones(1000, 1.0f);
  std::vector<float> first(1000), second(1000);
  dropout(context, {1, 1, 0.5f}, ones.data(), first.data(), 1000);
  dropout(context, {1, 2, 0.5f}, ones.data(), second.data(), 1000);
  EXPECT_NE(first, second);
}

TEST(Dropout, RefusesARateThatLeavesNothing) {
  Context context({}, 1);
  float number = 1;
  EXPECT_THROW(dropout(context, {1, 1, 1.0f}, &number, &number, 1), Error);
  EXPECT_THROW(dropout(context, {1, 1, -0.1f}, &number, &number, 1), Error);
  EXPECT_THROW(dropout(context, {1, 1, std::nanf("")}, &number, &number, 1), Error);
}

}  // namespace
}  // namespace matinee::seq2seq
