#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/context.h"
#include "kernels/support/device_matrix.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::ranking {

struct RankedItem {
  int32_t item = -1;  // -1: the place is empty, because fewer items are left
  float score = 0;
};

// For each row b of `scores` (users.size() × items) the best items that users[b] has not seen, best first, ties by
// smaller index: best(b, 0 .. n-1). Seen are the entries of row users[b] of `seen` (all users × items).
// O(items + seen + n log n) time per row, O(threads × n) memory; bytes read: 4 per item, 4 per seen item.
// Errors: Error(kDiverged) naming the user and the item of a NaN score (the lowest row, then the lowest item);
// Error(kConfig) where shapes disagree. The same lists on CUDA.
void top_n(Context& context, MatrixView<const float> scores, const SparseView& seen, std::span<const int32_t> users,
           MatrixView<RankedItem> best);

// The same of scores that lie on the device of a CUDA context.
void top_n(Context& context, const DeviceMatrix& scores, const SparseView& seen, std::span<const int32_t> users,
           MatrixView<RankedItem> best);

void top_n_cpu(Context& context, MatrixView<const float> scores, const SparseView& seen, std::span<const int32_t> users,
               MatrixView<RankedItem> best);

}  // namespace matinee::ranking
