#include "kernels/similarity/neighbour_scores.h"

#include "kernels/similarity/neighbour_scores_cpu.h"
#include "kernels/similarity/neighbour_scores_cuda.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::similarity {
namespace {

void check_scores(std::span<const int32_t> users, MatrixView<float> scores) {
  if (scores.rows != static_cast<int64_t>(users.size()) || scores.stride < scores.columns) {
    fail(ErrorKind::kConfig, "scores of item_similarity: {} × {} is no room for {} users", scores.rows, scores.columns,
         users.size());
  }
}

MatrixView<float> shape_of(const DeviceMatrix& matrix) {
  return {nullptr, matrix.rows(), matrix.columns(), matrix.columns()};
}

void check_predictions(const NeighbourLists& neighbours, const RatingMeans& means, std::span<const int32_t> users,
                       std::span<const int32_t> items, std::span<float> predicted) {
  if (users.size() != items.size() || users.size() != predicted.size() ||
      static_cast<int64_t>(means.rows.size()) != neighbours.rows) {
    fail(ErrorKind::kConfig, "predictions of item_similarity: {} users, {} items, {} results, {} means of {} rows",
         users.size(), items.size(), predicted.size(), means.rows.size(), neighbours.rows);
  }
}

}  // namespace

void score_by_items(Context& context, const NeighbourLists& influenced, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, MatrixView<float> scores) {
  check_scores(users, scores);
  MATINEE_DISPATCH(context, score_by_items, influenced, by_user, values, users, scores);
}

void score_by_items(Context& context, const NeighbourLists& influenced, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, const DeviceMatrix& scores) {
  check_scores(users, shape_of(scores));
  MATINEE_ON_CUDA(score_by_items, context, influenced, by_user, values, users, scores);
}

void score_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, MatrixView<float> scores) {
  check_scores(users, scores);
  MATINEE_DISPATCH(context, score_by_users, neighbours, by_user, values, users, scores);
}

void score_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, const DeviceMatrix& scores) {
  check_scores(users, shape_of(scores));
  MATINEE_ON_CUDA(score_by_users, context, neighbours, by_user, values, users, scores);
}

void predict_by_items(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                      const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                      std::span<float> predicted) {
  check_predictions(neighbours, means, users, items, predicted);
  MATINEE_DISPATCH(context, predict_by_items, neighbours, by_user, step, means, users, items, predicted);
}

void predict_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                      const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                      std::span<float> predicted) {
  check_predictions(neighbours, means, users, items, predicted);
  MATINEE_DISPATCH(context, predict_by_users, neighbours, by_user, step, means, users, items, predicted);
}

}  // namespace matinee::similarity
