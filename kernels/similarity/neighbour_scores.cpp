#include "kernels/similarity/neighbour_scores.h"

#include "kernels/similarity/neighbour_scores_cpu.h"
#include "kernels/support/error.h"

namespace matinee::similarity {
namespace {

void check_device(const Context& context) {
  if (context.device().kind != DeviceKind::kCpu) {
    fail(ErrorKind::kDevice, "scores of item_similarity have no CUDA side in this build: run with --device cpu");
  }
}

void check_scores(const Context& context, std::span<const int32_t> users, MatrixView<float> scores) {
  check_device(context);
  if (scores.rows != static_cast<int64_t>(users.size()) || scores.stride < scores.columns) {
    fail(ErrorKind::kConfig, "scores of item_similarity: {} × {} is no room for {} users", scores.rows, scores.columns,
         users.size());
  }
}

void check_predictions(const Context& context, const NeighbourLists& neighbours, const RatingMeans& means,
                       std::span<const int32_t> users, std::span<const int32_t> items, std::span<float> predicted) {
  check_device(context);
  if (users.size() != items.size() || users.size() != predicted.size() ||
      static_cast<int64_t>(means.rows.size()) != neighbours.rows) {
    fail(ErrorKind::kConfig, "predictions of item_similarity: {} users, {} items, {} results, {} means of {} rows",
         users.size(), items.size(), predicted.size(), means.rows.size(), neighbours.rows);
  }
}

}  // namespace

void score_by_items(Context& context, const NeighbourLists& influenced, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, MatrixView<float> scores) {
  check_scores(context, users, scores);
  score_by_items_cpu(context, influenced, by_user, values, users, scores);
}

void score_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, const LevelValues& values,
                    std::span<const int32_t> users, MatrixView<float> scores) {
  check_scores(context, users, scores);
  score_by_users_cpu(context, neighbours, by_user, values, users, scores);
}

void predict_by_items(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                      const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                      std::span<float> predicted) {
  check_predictions(context, neighbours, means, users, items, predicted);
  predict_by_items_cpu(context, neighbours, by_user, step, means, users, items, predicted);
}

void predict_by_users(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                      const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                      std::span<float> predicted) {
  check_predictions(context, neighbours, means, users, items, predicted);
  predict_by_users_cpu(context, neighbours, by_user, step, means, users, items, predicted);
}

}  // namespace matinee::similarity
