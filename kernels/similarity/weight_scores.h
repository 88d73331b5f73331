#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/context.h"
#include "kernels/support/device_matrix.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::similarity {

// What each of some items says for each of them, in host memory.
struct ItemWeights {
  std::span<const int32_t> items;   // rising
  MatrixView<const float> weights;  // (items × items)
};

// scores(b, items[k]) = Σ over the items[l] that users[b] has rated, rising: weights(l, k); 0 for every other item.
// Users beyond `by_user` have rated nothing. Floats added one by one in that order: the same bits for any number of
// threads and on every device. Scores go to the host, or stay on the device of a CUDA context. Error(kConfig) for
// misshapen operands and for items beyond the columns of the scores.
void score_by_weights(Context& context, const ItemWeights& weights, SparseView by_user, std::span<const int32_t> users,
                      MatrixView<float> scores);
void score_by_weights(Context& context, const ItemWeights& weights, SparseView by_user, std::span<const int32_t> users,
                      const DeviceMatrix& scores);

}  // namespace matinee::similarity
