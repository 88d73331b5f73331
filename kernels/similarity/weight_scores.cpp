#include "kernels/similarity/weight_scores.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "kernels/similarity/weight_scores_cpu.h"
#include "kernels/similarity/weight_scores_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::similarity {
namespace {

// By item of the scores, its row of the weights or -1.
std::vector<int32_t> checked_places(const ItemWeights& weights, SparseView by_user, std::span<const int32_t> users,
                                    int64_t rows, int64_t columns) {
  const auto size = static_cast<int64_t>(weights.items.size());
  const bool rises = std::ranges::adjacent_find(weights.items, std::greater_equal<>()) == weights.items.end();
  if (rows != static_cast<int64_t>(users.size()) || weights.weights.rows != size || weights.weights.columns != size ||
      weights.weights.stride != size || !rises ||
      (size > 0 && (weights.items.front() < 0 || weights.items.back() >= columns))) {
    fail(ErrorKind::kConfig, "scores by weights: {} × {} is no room for {} users and {} items with {} × {} weights",
         rows, columns, users.size(), size, weights.weights.rows, weights.weights.columns);
  }
  if (by_user.columns > columns) {
    fail(ErrorKind::kConfig, "scores by weights: {} columns for ratings of {} items", columns, by_user.columns);
  }
  if (std::ranges::any_of(users, [](int32_t user) { return user < 0; })) {
    fail(ErrorKind::kConfig, "scores by weights: a user has a negative number");
  }
  std::vector<int32_t> places(static_cast<std::size_t>(columns), -1);
  for (std::size_t n = 0; n < weights.items.size(); ++n) {
    places[static_cast<std::size_t>(weights.items[n])] = static_cast<int32_t>(n);
  }
  return places;
}

}  // namespace

void score_by_weights(Context& context, const ItemWeights& weights, SparseView by_user, std::span<const int32_t> users,
                      MatrixView<float> scores) {
  const std::vector<int32_t> places = checked_places(weights, by_user, users, scores.rows, scores.columns);
  MATINEE_DISPATCH(context, score_by_weights, weights, places, by_user, users, scores);
}

void score_by_weights(Context& context, const ItemWeights& weights, SparseView by_user, std::span<const int32_t> users,
                      const DeviceMatrix& scores) {
  const std::vector<int32_t> places = checked_places(weights, by_user, users, scores.rows(), scores.columns());
  MATINEE_ON_CUDA(score_by_weights, context, weights, places, by_user, users, scores);
}

}  // namespace matinee::similarity
