#pragma once

#include <cstdint>

namespace matinee::similarity {

enum class Kind { kCosine, kBinaryCosine, kAdjustedCosine, kPearson, kJaccard };

// Over which ratings the norms of cosine and adjusted cosine go: all of a row, or those of columns that both rows have.
enum class Norms { kAll, kCorated };

struct Options {
  Kind kind = Kind::kCosine;
  Norms norms = Norms::kAll;
  int64_t neighbours = 100;    // at most so many per row
  double shrink = 0;           // β ≥ 0: similarity × n / (n + β), n = columns in common
  int64_t min_common = 1;      // fewer columns in common: similarity 0
  bool iuf = false;            // weigh each common column by 1 / ln(1 + its number of ratings)
  bool keep_negative = false;  // negative similarities may be neighbours too, after all positive ones
  bool own_weights = false;    // weigh each common column by a number of the caller's, beside iuf or without it

  constexpr bool weighted() const { return iuf || own_weights; }
};

}  // namespace matinee::similarity
