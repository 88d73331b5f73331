#include "kernels/support/array.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/cuda_device.h"

namespace matinee {
namespace {

std::vector<int32_t> fetched(Context& context, const Array<int32_t>& array) {
  std::vector<int32_t> values(static_cast<std::size_t>(array.size()), -1);
  array.fetch(context, values);
  return values;
}

void expect_to_keep_what_it_is_given(Context& context) {
  for (const int64_t size : {0, 1, 33, 300'001}) {  // the last is more than a transfer takes at once
    Array<int32_t> array(context, size);
    EXPECT_EQ(fetched(context, array), std::vector<int32_t>(static_cast<std::size_t>(size))) << "zeroed";
    std::vector<int32_t> values(static_cast<std::size_t>(size));
    std::iota(values.begin(), values.end(), 5);
    array.assign(context, values);
    EXPECT_EQ(fetched(context, array), values);
    const auto half = static_cast<std::ptrdiff_t>(size / 2);
    array.assign(context, std::vector<int32_t>(static_cast<std::size_t>(half), 9));
    std::fill(values.begin(), values.begin() + half, 9);
    EXPECT_EQ(fetched(context, array), values) << "its first half assigned";
    array.clear(context);
    EXPECT_EQ(fetched(context, array), std::vector<int32_t>(static_cast<std::size_t>(size))) << "cleared";
  }
}

// More assignments than can be on their way at once, of values that are overwritten as soon as assign() returns.
void expect_to_take_values_when_assigned(Context& context) {
  constexpr int32_t kArrays = 100;
  std::vector<Array<int32_t>> arrays;
  std::vector<int32_t> values(33);
  for (int32_t n = 0; n < kArrays; ++n) {
    arrays.emplace_back(context, 33);
    std::iota(values.begin(), values.end(), n);
    arrays.back().assign(context, values);
  }
  for (int32_t n = 0; n < kArrays; ++n) {
    std::iota(values.begin(), values.end(), n);
    EXPECT_EQ(fetched(context, arrays[static_cast<std::size_t>(n)]), values) << n;
  }
}

TEST(Array, KeepsWhatItIsGiven) {
  Context context({}, 2);
  expect_to_keep_what_it_is_given(context);
  expect_to_take_values_when_assigned(context);
}

TEST(ArrayCuda, KeepsWhatItIsGiven) {
  MATINEE_NEEDS_CUDA();
  Context context(test::cuda_device(), 2);
  expect_to_keep_what_it_is_given(context);
  expect_to_take_values_when_assigned(context);
}

}  // namespace
}  // namespace matinee
