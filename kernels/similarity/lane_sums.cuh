#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/similarity/search_kinds.h"
#include "kernels/similarity/similarity_value.h"

namespace matinee::similarity {

// The sums of one pair of rows in the registers of one lane. Number: int32_t or int64_t, exact whatever the order; or
// double, weighted, where each sum grows in the order of the calls, by the operations of the CPU's accumulators.
template <SumSet kSet, typename Number>
struct LaneSums {
  static constexpr bool kWeighted = std::is_same_v<Number, double>;
  // Of a product of values: int32_t holds it.
  using Exact = std::conditional_t<kWeighted, int64_t, Number>;

  int32_t count = 0;
  Number weight = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  // Adds a column where the one row has x and the other y, where it is there; `w`: its weight.
  __device__ void add(bool there, int32_t value_x, int32_t value_y, double w) {
    if constexpr (kWeighted) {
      if (there) add_weighted(value_x, value_y, w);
    } else {
      const int32_t own = there ? value_x : 0, other = there ? value_y : 0;
      count += there ? 1 : 0;
      if constexpr (kSet != SumSet::kCount) xy += static_cast<Exact>(own) * other;
      if constexpr (kSet == SumSet::kMoments) {
        x += own;
        y += other;
        xx += static_cast<Exact>(own) * own;
        yy += static_cast<Exact>(other) * other;
      }
    }
  }

  // For the formulas: int64_t, or double where weighted.
  __device__ auto sums() const {
    using Sum = std::conditional_t<kWeighted, double, int64_t>;
    PairSums<Sum> result;
    result.count = static_cast<Sum>(count);
    result.weight = kWeighted ? static_cast<Sum>(weight) : result.count;
    result.x = static_cast<Sum>(x);
    result.y = static_cast<Sum>(y);
    result.xx = static_cast<Sum>(xx);
    result.yy = static_cast<Sum>(yy);
    result.xy = static_cast<Sum>(xy);
    return result;
  }

 private:
  __device__ void add_weighted(int32_t value_x, int32_t value_y, double w) {
    ++count;
    if constexpr (kSet != SumSet::kProduct) weight += w;
    if constexpr (kSet != SumSet::kCount) xy += w * (value_x * value_y);
    if constexpr (kSet == SumSet::kMoments) {
      x += w * value_x;
      y += w * value_y;
      xx += w * (value_x * value_x);
      yy += w * (value_y * value_y);
    }
  }
};

}  // namespace matinee::similarity
