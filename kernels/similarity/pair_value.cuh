#pragma once

#include <cstdint>

#include "kernels/similarity/search_kinds.h"
#include "kernels/similarity/similarity_value.h"
#include "kernels/support/candidate_key.h"

namespace matinee::similarity {

// What turns sums into candidates, the same for all pairs of a search.
struct Measure {
  Kind kind;
  Norms norms;
  double shrink, min_common, variance_floor;
  bool keep_negative;
};

// The formula of the kind among those that need this set of sums. Which one is the same for a whole grid.
template <SumSet kSet, typename Number>
__device__ double raw_similarity_of(const Measure& measure, const PairSums<Number>& sums, RowNorm row, RowNorm other) {
  if constexpr (kSet == SumSet::kCount) {
    return measure.kind == Kind::kJaccard
               ? raw_similarity<Kind::kJaccard, Norms::kAll>(sums, row, other, measure.variance_floor)
               : raw_similarity<Kind::kBinaryCosine, Norms::kAll>(sums, row, other, measure.variance_floor);
  } else if constexpr (kSet == SumSet::kProduct) {
    return raw_similarity<Kind::kCosine, Norms::kAll>(sums, row, other, measure.variance_floor);
  } else {
    return measure.kind == Kind::kPearson
               ? raw_similarity<Kind::kPearson, Norms::kAll>(sums, row, other, measure.variance_floor)
               : raw_similarity<Kind::kCosine, Norms::kCorated>(sums, row, other, measure.variance_floor);
  }
}

// The key of `other_row` among the candidates for neighbours of a row; 0 where it cannot be one.
template <SumSet kSet, typename Number>
__device__ uint64_t neighbour_key(const Measure& measure, const PairSums<Number>& sums, RowNorm row, RowNorm other,
                                  int32_t other_row) {
  const double raw = raw_similarity_of<kSet>(measure, sums, row, other);
  const float similarity = finish(raw, static_cast<double>(sums.count), measure.min_common, measure.shrink);
  const bool candidate = similarity > 0 || (similarity < 0 && measure.keep_negative);
  return candidate ? candidate_key(other_row, similarity) : 0;
}

}  // namespace matinee::similarity
