#pragma once

#include "kernels/similarity/neighbour_scores.h"

namespace matinee::similarity {

// The functions of neighbour_scores.h on CUDA; operands are checked.
void score_by_items_cuda(Context& context, const NeighbourLists& influenced, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, MatrixView<float> scores);
void score_by_users_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, MatrixView<float> scores);
void score_by_items_cuda(Context& context, const NeighbourLists& influenced, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, const DeviceMatrix& scores);
void score_by_users_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, const DeviceMatrix& scores);
void predict_by_items_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                           const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                           std::span<float> predicted);
void predict_by_users_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                           const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                           std::span<float> predicted);

}  // namespace matinee::similarity
