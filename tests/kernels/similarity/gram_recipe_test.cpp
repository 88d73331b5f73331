#include "kernels/similarity/gram_recipe.h"

#include <gtest/gtest.h>

#include "kernels/similarity/search_way.h"
#include "kernels/support/error.h"

namespace matinee::similarity {
namespace {

TEST(GramRecipe, DigitsMakeUpTheValue) {
  for (int32_t value = -32639; value <= 32639; ++value) {
    ASSERT_EQ(256 * digit_of(Digit::kHigh, value) + digit_of(Digit::kLow, value), value);
  }
  for (int32_t value = -127; value <= 127; ++value) {
    ASSERT_EQ(256 * digit_of(Digit::kSquareHigh, value) + digit_of(Digit::kSquareLow, value), value * value);
  }
}

// Two values through all products of a recipe: each sum must come out.
TEST(GramRecipe, ProductsMakeUpTheSums) {
  for (const SumSet set : {SumSet::kCount, SumSet::kProduct, SumSet::kMoments}) {
    for (const int32_t greatest : {1, 10, 11, 12, 127, 128, 255, 20480, 32639}) {
      const GramRecipe recipe = gram_recipe(set, greatest);
      if (set == SumSet::kMoments && greatest > 127) {
        EXPECT_TRUE(recipe.products.empty());
        continue;
      }
      ASSERT_LE(recipe.products.size(), static_cast<std::size_t>(kMostProducts));
      for (const int32_t x : {-greatest, 0, 1, greatest / 2, greatest}) {
        const int32_t y = greatest - x / 3;
        if (y > greatest) continue;
        int64_t sums[6] = {};
        for (const GramProduct& product : recipe.products) {
          const int8_t a = digit_of(recipe.matrices[static_cast<std::size_t>(product.row)], x);
          const int8_t b = digit_of(recipe.matrices[static_cast<std::size_t>(product.other)], y);
          EXPECT_LE(std::abs(a), recipe.greatest_digit);
          sums[static_cast<int>(product.sum)] += int64_t{product.weight} * a * b;
        }
        const int64_t expected[6] = {1, x, y, int64_t{x} * x, int64_t{y} * y, int64_t{x} * y};
        EXPECT_EQ(sums[0], 1);
        if (set != SumSet::kCount) {
          EXPECT_EQ(sums[5], expected[5]) << x << ' ' << y;
        }
        for (int n = 1; set == SumSet::kMoments && n < 5; ++n) EXPECT_EQ(sums[n], expected[n]) << n;
      }
    }
  }
}

TEST(GramRecipe, OneProductCannotOverflow) {
  for (const int32_t digit : {1, 10, 100, 127, 128}) {
    EXPECT_LE(columns_per_product(digit) * digit * digit, INT32_MAX);
    EXPECT_GT(columns_per_product(digit), 100000);
    EXPECT_EQ(columns_per_product(digit) % 128, 0);
  }
}

TEST(SearchWay, DependsOnDensity) {
  SearchSize size{10000, 10000, 100'000, SumSet::kProduct, 2};
  EXPECT_EQ(choose_way(SearchWay::kCheapest, size).way, SearchWay::kPanels);
  size.ratings = 50'000'000;
  EXPECT_EQ(choose_way(SearchWay::kCheapest, size).way, SearchWay::kProducts);
  EXPECT_EQ(choose_way(SearchWay::kPanels, size).way, SearchWay::kPanels);
  size.products = 0;
  EXPECT_EQ(choose_way(SearchWay::kCheapest, size).way, SearchWay::kPanels);
  EXPECT_THROW(choose_way(SearchWay::kProducts, size), Error);
}

}  // namespace
}  // namespace matinee::similarity
