#include "kernels/similarity/neighbour_scores_cpu.h"

#include <algorithm>
#include <cmath>

namespace matinee::similarity {
namespace {

constexpr int64_t kUsersPerTask = 16;
constexpr int64_t kPredictionsPerTask = 256;

// The level of (row, column), or -1.
int level_of(SparseView ratings, int32_t row, int32_t column) {
  if (row >= ratings.rows) return -1;
  const auto indices = ratings.row_indices(row);
  const auto found = std::lower_bound(indices.begin(), indices.end(), column);
  if (found == indices.end() || *found != column) return -1;
  return ratings.row_levels(row)[static_cast<std::size_t>(found - indices.begin())];
}

// The mean of `row` moved by what its neighbours' ratings are above theirs; rating(neighbour) is a level or -1.
template <typename LevelOf>
float predict_one(const NeighbourLists& neighbours, const RatingMeans& means, double step, int32_t row,
                  const LevelOf& level) {
  if (row >= neighbours.rows) return means.all;
  double above = 0, weights = 0;
  for (int64_t n = neighbours.offsets[row]; n < neighbours.offsets[row + 1]; ++n) {
    const int32_t neighbour = neighbours.indices[n];
    const int its_level = level(neighbour);
    if (its_level < 0) continue;
    const auto weight = static_cast<double>(neighbours.weights[n]);
    above += weight * (its_level * step - static_cast<double>(means.rows[static_cast<std::size_t>(neighbour)]));
    weights += std::abs(weight);
  }
  const float mean = means.rows[static_cast<std::size_t>(row)];
  return weights > 0 ? static_cast<float>(mean + above / weights) : mean;
}

// add(user, own) adds the scores of one user to `own`, a row of zeros.
template <typename Add>
void score_users(Context& context, std::span<const int32_t> users, MatrixView<float> scores, const Add& add) {
  parallel_blocks(context, scores.rows, kUsersPerTask, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      float* own = scores.row(row);
      std::fill(own, own + scores.columns, 0.0F);
      add(users[static_cast<std::size_t>(row)], own);
    }
  });
}

// predict(n) is the n-th prediction.
template <typename Predict>
void predict_pairs(Context& context, std::span<float> predicted, const Predict& predict) {
  parallel_blocks(context, static_cast<int64_t>(predicted.size()), kPredictionsPerTask,
                  [&](int64_t begin, int64_t end, int) {
                    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
                      predicted[n] = predict(n);
                    }
                  });
}

}  // namespace

void score_by_items_cpu(Context& context, const NeighbourLists& influenced, SparseView by_user,
                        const LevelValues& values, std::span<const int32_t> users, MatrixView<float> scores) {
  score_users(context, users, scores, [&](int32_t user, float* own) {
    if (user >= by_user.rows) return;
    for (int64_t entry = by_user.offsets[user]; entry < by_user.offsets[user + 1]; ++entry) {
      const int32_t item = by_user.indices[entry];
      if (item >= influenced.rows) break;  // indices rise
      const float value = values[by_user.levels[entry]];
      for (int64_t n = influenced.offsets[item]; n < influenced.offsets[item + 1]; ++n) {
        own[influenced.indices[n]] += influenced.weights[n] * value;
      }
    }
  });
}

void score_by_users_cpu(Context& context, const NeighbourLists& neighbours, SparseView by_user,
                        const LevelValues& values, std::span<const int32_t> users, MatrixView<float> scores) {
  score_users(context, users, scores, [&](int32_t user, float* own) {
    if (user >= neighbours.rows) return;
    for (int64_t n = neighbours.offsets[user]; n < neighbours.offsets[user + 1]; ++n) {
      const int32_t neighbour = neighbours.indices[n];
      if (neighbour >= by_user.rows) continue;
      const float weight = neighbours.weights[n];
      for (int64_t entry = by_user.offsets[neighbour]; entry < by_user.offsets[neighbour + 1]; ++entry) {
        own[by_user.indices[entry]] += weight * values[by_user.levels[entry]];
      }
    }
  });
}

void predict_by_items_cpu(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                          const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                          std::span<float> predicted) {
  predict_pairs(context, predicted, [&](std::size_t n) {
    return predict_one(neighbours, means, step, items[n],
                       [&](int32_t item) { return level_of(by_user, users[n], item); });
  });
}

void predict_by_users_cpu(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                          const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                          std::span<float> predicted) {
  predict_pairs(context, predicted, [&](std::size_t n) {
    return predict_one(neighbours, means, step, users[n],
                       [&](int32_t user) { return level_of(by_user, user, items[n]); });
  });
}

}  // namespace matinee::similarity
