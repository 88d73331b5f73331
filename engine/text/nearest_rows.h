#pragma once

#include <cstdint>
#include <vector>

#include "kernels/support/matrix_view.h"

namespace matinee::engine {

struct ScoredRow {
  int64_t row;
  float similarity;  // cosine, -1 … 1
};

// The `count` rows, from number `first` on, of the highest cosine with row `row`, best first, ties by number, without
// itself. The cosine with a zero row is 0. Sums are in double, in the order of the columns.
std::vector<ScoredRow> nearest_rows(const MatrixView<const float>& rows, int64_t row, int64_t count, int64_t first = 0);

}  // namespace matinee::engine
