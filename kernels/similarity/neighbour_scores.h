#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "kernels/support/context.h"
#include "kernels/support/device_matrix.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::similarity {

// Lists of neighbours in compressed rows that somebody else owns. weights[n] belongs to indices[n].
struct NeighbourLists {
  int32_t rows = 0;
  const int64_t* offsets = nullptr;  // (rows + 1)
  const int32_t* indices = nullptr;
  const float* weights = nullptr;
};

// What a rating of each level counts in a score.
using LevelValues = std::array<float, 256>;

// What a predicted rating goes back to where nobody similar has rated.
struct RatingMeans {
  std::span<const float> rows;  // (items) or (users): of the axis that the lists are of
  float all = 0;
};

// All functions below: floats added one by one in the order that is named, so the bytes do not depend on the number of
// threads or on the device. Users and items beyond the lists (new ones) have no neighbours. Scores go to the host, or
// stay on the device of a CUDA context.

// scores(b, j) = Σ over items i of users[b], rising, that have j in influenced[i]: weight × value. influenced[i] holds
// each j that has i among its neighbours (the lists of neighbours, transposed). Columns are items.
void score_by_items(Context& context, const NeighbourLists& influenced, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, MatrixView<float> scores);

void score_by_items(Context& context, const NeighbourLists& influenced, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, const DeviceMatrix& scores);

// scores(b, j) = Σ over neighbours v of users[b], in list order, who rated j: weight × value.
void score_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, MatrixView<float> scores);

void score_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, const DeviceMatrix& scores);

// predicted[n] = mean_j + Σ w (r_ui - mean_i) / Σ|w| over neighbours i of items[n] = j that users[n] = u rated; without
// any, mean_j. math.md §1.
void predict_by_items(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                      const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                      std::span<float> predicted);

// predicted[n] = mean_u + Σ w (r_vj - mean_v) / Σ|w| over neighbours v of users[n] = u who rated items[n] = j; without
// any, mean_u.
void predict_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                      const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                      std::span<float> predicted);

}  // namespace matinee::similarity
