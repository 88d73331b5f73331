#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/similarity/similarity_options.h"
#include "kernels/support/philox.h"

namespace matinee::similarity {

// Sums over the columns that two rows have in common; x are the values of the one row, y of the other. Number is
// int64_t or double. Unweighted sums are integers and exact in either (in double where products of two sums stay below
// 2^53). Weighted by w they are floating point: weight = Σw, x = Σwx, xy = Σwxy …; else weight = count.
template <typename Number>
struct PairSums {
  Number count = 0;
  Number weight = 0;
  Number x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  MATINEE_HOST_DEVICE PairSums& operator+=(const PairSums& other) {
    count += other.count;
    weight += other.weight;
    x += other.x;
    y += other.y;
    xx += other.xx;
    yy += other.yy;
    xy += other.xy;
    return *this;
  }
};

// What the formulas need of one row: over all its ratings.
struct RowNorm {
  double norm;   // sqrt(Σ value²); binary cosine: sqrt(number of ratings)
  double count;  // number of ratings
};

// Below this share of n Σx² a weighted variance is taken for zero: the least variance that levels can have is far above
// it, rounding errors far below. Exact sums need no such bound.
constexpr double kWeightedVarianceFloor = 1e-10;

// One written order of IEEE operations, each correctly rounded: the same bits on every device. Each function is
// symmetric: exchanging the rows gives the same bits. Selections stand after the arithmetic, so that loops vectorize.

// x / divisor; 0 where the divisor is 0, which goes with x = 0 everywhere here.
MATINEE_HOST_DEVICE inline double quotient(double x, double divisor) {
  return x / (divisor > 0 ? divisor : 1.0);
}

template <Kind kKind, Norms kNorms, typename Number>
MATINEE_HOST_DEVICE double raw_similarity(const PairSums<Number>& sums, RowNorm row, RowNorm other,
                                          double variance_floor) {
  if constexpr (kKind == Kind::kBinaryCosine) {
    return quotient(static_cast<double>(sums.weight), row.norm * other.norm);
  } else if constexpr (kKind == Kind::kJaccard) {
    return quotient(static_cast<double>(sums.weight), row.count + other.count - static_cast<double>(sums.count));
  } else if constexpr (kKind == Kind::kPearson) {
    const auto covariance = static_cast<double>(sums.weight * sums.xy - sums.x * sums.y);
    const Number square_x = sums.weight * sums.xx, square_y = sums.weight * sums.yy;
    const auto variance_x = static_cast<double>(square_x - sums.x * sums.x);
    const auto variance_y = static_cast<double>(square_y - sums.y * sums.y);
    const bool varies = (variance_x > variance_floor * static_cast<double>(square_x)) &
                        (variance_y > variance_floor * static_cast<double>(square_y));
    const double correlation = covariance / std::sqrt(varies ? variance_x * variance_y : 1.0);
    return varies ? correlation : 0.0;
  } else if constexpr (kNorms == Norms::kCorated) {
    return quotient(static_cast<double>(sums.xy),
                    std::sqrt(static_cast<double>(sums.xx) * static_cast<double>(sums.yy)));
  } else {
    return quotient(static_cast<double>(sums.xy), row.norm * other.norm);
  }
}

// Shrinks towards 0 what few columns support; `count` ≥ 0 columns in common.
MATINEE_HOST_DEVICE inline float finish(double similarity, double count, double min_common, double shrink) {
  const double shrunk = similarity * quotient(count, count + shrink);
  return static_cast<float>(count >= min_common ? shrunk : 0.0);
}

}  // namespace matinee::similarity
