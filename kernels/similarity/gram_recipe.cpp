#include "kernels/similarity/gram_recipe.h"

#include <algorithm>

namespace matinee::similarity {
namespace {

constexpr int32_t kOneDigit = 127;     // values up to here are their own low digit
constexpr int32_t kTwoDigits = 32639;  // and up to here have a high digit of 8 bits

// Adds the digits of values or of their squares; returns where the first stands.
int8_t add_digits(GramRecipe& recipe, Digit low, Digit high, int32_t greatest, int& digits) {
  const auto first = static_cast<int8_t>(recipe.matrices.size());
  recipe.matrices.push_back(low);
  digits = 1;
  if (greatest > kOneDigit) {
    recipe.matrices.push_back(high);
    digits = 2;
  }
  recipe.greatest_digit = std::max(recipe.greatest_digit, std::min(greatest, 128));
  return first;
}

int32_t weight_of(int digit) {
  return digit == 0 ? 1 : 256;
}

// Products of a value's digits with presence, in both directions.
void add_one_sided(GramRecipe& recipe, int8_t first, int digits, SumField of_row, SumField of_other) {
  for (int digit = 0; digit < digits; ++digit) {
    const auto matrix = static_cast<int8_t>(first + digit);
    recipe.products.push_back({matrix, 0, of_row, weight_of(digit)});
    recipe.products.push_back({0, matrix, of_other, weight_of(digit)});
  }
}

}  // namespace

GramRecipe gram_recipe(SumSet sums, int32_t greatest) {
  GramRecipe recipe;
  if (greatest > (sums == SumSet::kMoments ? kOneDigit : kTwoDigits)) return recipe;
  recipe.matrices = {Digit::kPresence};
  recipe.products = {{0, 0, SumField::kCount, 1}};
  if (sums == SumSet::kCount) return recipe;
  int digits = 0;
  const int8_t first = add_digits(recipe, Digit::kLow, Digit::kHigh, greatest, digits);
  for (int of_row = 0; of_row < digits; ++of_row) {
    for (int of_other = 0; of_other < digits; ++of_other) {
      recipe.products.push_back({static_cast<int8_t>(first + of_row), static_cast<int8_t>(first + of_other),
                                 SumField::kXY, weight_of(of_row) * weight_of(of_other)});
    }
  }
  if (sums == SumSet::kProduct) return recipe;
  add_one_sided(recipe, first, digits, SumField::kX, SumField::kY);
  const int8_t square = add_digits(recipe, Digit::kSquareLow, Digit::kSquareHigh, greatest * greatest, digits);
  add_one_sided(recipe, square, digits, SumField::kXX, SumField::kYY);
  return recipe;
}

}  // namespace matinee::similarity
