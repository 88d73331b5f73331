#pragma once

#include <cstdint>
#include <vector>

#include "kernels/similarity/search_kinds.h"
#include "kernels/support/host_device.h"

namespace matinee::similarity {

// The sums over common columns as products of dense matrices of 8-bit integers, rows × columns, 0 where there is no
// rating. A value of up to 16 bits is 256 × high + low with signed digits: one matrix of each.
enum class Digit : int8_t { kPresence, kLow, kHigh, kSquareLow, kSquareHigh };

// That digit of a value that is there. |value| ≤ 32639; squares: |value| ≤ 127.
MATINEE_HOST_DEVICE constexpr int8_t digit_of(Digit digit, int32_t value) {
  if (digit == Digit::kPresence) return 1;
  if (digit == Digit::kSquareLow || digit == Digit::kSquareHigh) value *= value;
  const int32_t high = (value + 128) >> 8;
  const bool wants_high = digit == Digit::kHigh || digit == Digit::kSquareHigh;
  return static_cast<int8_t>(wants_high ? high : value - 256 * high);
}

// Which sum a product is a part of.
enum class SumField : int8_t { kCount, kX, kY, kXX, kYY, kXY };

// sum += weight × Σ over columns of digit `row` of the one row × digit `other` of the other.
struct GramProduct {
  int8_t row = 0, other = 0;  // which of the recipe's matrices
  SumField sum = SumField::kCount;
  int32_t weight = 1;
};

struct GramRecipe {
  std::vector<Digit> matrices;
  std::vector<GramProduct> products;  // empty: these sums cannot be had so
  int32_t greatest_digit = 1;         // of all matrices, absolute
};

inline constexpr int kMostProducts = 8;  // of a recipe; their codes fit into 64 bits (gram_products.cu)

// For values of at most `greatest`, absolute.
GramRecipe gram_recipe(SumSet sums, int32_t greatest);

// Columns that one product may take in: its 32-bit sums cannot overflow. A multiple of 128.
constexpr int64_t columns_per_product(int32_t greatest_digit) {
  return INT32_MAX / (int64_t{greatest_digit} * greatest_digit) / 128 * 128;
}

}  // namespace matinee::similarity
