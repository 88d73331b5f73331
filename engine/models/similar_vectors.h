#pragma once

#include <cstdint>
#include <vector>

#include "engine/model.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// The `count` items whose vectors have the highest cosine with that of `item`, best first, ties by number. A zero
// vector is that of an item of which nothing was learnt: it is similar to none and none to it. `vectors` (items ×
// dimensions).
std::vector<ScoredItem> similar_vectors(const MatrixView<const float>& vectors, int32_t item, int64_t count);

// Leaves the `count` of the highest scores, best first, ties by number.
void keep_best(std::vector<ScoredItem>& items, int64_t count);

}  // namespace matinee::engine
