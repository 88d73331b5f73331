#pragma once

#include "kernels/similarity/weight_scores.h"

namespace matinee::similarity {

// The functions of weight_scores.h on CUDA; operands are checked. `places`: by item of the scores, its row of the
// weights or -1.
void score_by_weights_cuda(Context& context, const ItemWeights& weights, std::span<const int32_t> places,
                           SparseView by_user, std::span<const int32_t> users, MatrixView<float> scores);
void score_by_weights_cuda(Context& context, const ItemWeights& weights, std::span<const int32_t> places,
                           SparseView by_user, std::span<const int32_t> users, const DeviceMatrix& scores);

}  // namespace matinee::similarity
