#pragma once

#include "engine/data/ratings.h"

namespace matinee::engine {

// Ratings of the size and shape that benchmarks share: 2000 users who rated some 100 of 2000 items each, popular items
// more often. The same on every machine.
struct BenchRatings {
  SparseRatings by_user, by_item;
};

BenchRatings bench_ratings();

}  // namespace matinee::engine
