#include "kernels/support/buffer.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace matinee {
namespace {

TEST(Buffer, IsZeroAndAlignedInAnySize) {
  for (const int64_t size : {int64_t{1}, int64_t{131}, (int64_t{1} << 20) - 1, (int64_t{1} << 20) + 131}) {
    for (int time = 0; time < 2; ++time) {  // the second may be given the memory of the first
      Buffer<float> buffer(size);
      EXPECT_EQ(buffer.size(), size);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % kBufferAlignment, 0u);
      EXPECT_TRUE(std::ranges::all_of(buffer.span(), [](float number) { return number == 0; }));
      std::ranges::fill(buffer.span(), 1.0f);
    }
  }
  EXPECT_EQ(Buffer<float>(0).size(), 0);
}

}  // namespace
}  // namespace matinee
