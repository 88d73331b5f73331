#include "engine/evaluation/rating_metrics.h"

#include <algorithm>
#include <cmath>

#include "kernels/support/error.h"
#include "kernels/support/keep_operands.h"

namespace matinee::engine {

void RatingTotals::add(double predicted, double rated, const RatingGrid& grid) {
  const double clipped = std::clamp(predicted, grid.minimum(), grid.maximum()) - rated;
  const double unclipped = predicted - rated;
  ++ratings;
  squared += clipped * clipped;
  absolute += std::abs(clipped);
  squared_unclipped += unclipped * unclipped;
  absolute_unclipped += std::abs(unclipped);
}

void RatingTotals::add(const RatingTotals& fold) {
  ratings += fold.ratings;
  squared += fold.squared;
  absolute += fold.absolute;
  squared_unclipped += fold.squared_unclipped;
  absolute_unclipped += fold.absolute_unclipped;
}

void RatingTotals::report(const EvaluationOptions& options, std::map<std::string, double>& metrics) const {
  const auto count = static_cast<double>(ratings);
  if (options.wants(Metric::kRmse)) {
    metrics["rmse"] = std::sqrt(squared / count);
    metrics["rmse_unclipped"] = std::sqrt(squared_unclipped / count);
  }
  if (options.wants(Metric::kMae)) {
    metrics["mae"] = absolute / count;
    metrics["mae_unclipped"] = absolute_unclipped / count;
  }
}

RatingTotals measure_ratings(Context& context, const Model& model, const Fold& fold,
                             const std::function<void(double share)>& progress) {
  const Ratings& test = fold.test;
  const History history{fold.train.view(), test.grid};
  std::vector<float> predicted(static_cast<std::size_t>(std::min(kRatingBlock, test.size())));
  RatingTotals totals;
  const KeepOperands kept(context);
  for (int64_t begin = 0; begin < test.size(); begin += kRatingBlock) {
    const auto first = static_cast<std::size_t>(begin);
    const auto count = static_cast<std::size_t>(std::min(kRatingBlock, test.size() - begin));
    const auto users = std::span(test.users).subspan(first, count), items = std::span(test.items).subspan(first, count);
    model.predict(context, history, users, items, std::span(predicted).first(count));
    for (std::size_t n = 0; n < count; ++n) {
      if (!std::isfinite(predicted[n])) {
        fail(ErrorKind::kDiverged,
             "the rating predicted for user {} and item {} is {}: the model diverged; train it with a smaller learning "
             "rate",
             users[n], items[n], predicted[n]);
      }
      totals.add(predicted[n], test.grid.value(test.levels[first + n]), test.grid);
    }
    progress(static_cast<double>(begin + static_cast<int64_t>(count)) / static_cast<double>(test.size()));
  }
  return totals;
}

}  // namespace matinee::engine
