#pragma once

#include <optional>
#include <vector>

#include "engine/data/split.h"

namespace matinee::engine {

// The test ratings of one fold, by user.
struct HeldOut {
  SparseRatings tested;        // all of them
  SparseRatings relevant;      // those at or above positive_from
  std::vector<int32_t> users;  // with at least one relevant item, rising: who is evaluated
};

HeldOut held_out_of(const Fold& fold, std::optional<double> positive_from);

}  // namespace matinee::engine
