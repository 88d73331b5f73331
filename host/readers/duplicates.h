#pragma once

#include <cstdint>
#include <vector>

#include "engine/data/ratings.h"
#include "kernels/support/context.h"

namespace matinee::host {

// Two entries that rate the same item for the same user; first < second.
struct Duplicate {
  int64_t first, second;
};

// Every entry that repeats an earlier one's (user, item), with the latest of those before it; by `second`, rising. Time
// O(ratings + users + items per thread).
std::vector<Duplicate> find_duplicates(Context& context, const engine::Ratings& ratings);

// Takes the first (or, if `keep_last`, all but the last) entries of each pair away; the others keep their order.
void drop_duplicates(engine::Ratings& ratings, const std::vector<Duplicate>& duplicates, bool keep_last);

}  // namespace matinee::host
