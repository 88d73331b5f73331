#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/data/split.h"
#include "engine/evaluation/options.h"
#include "engine/model.h"

namespace matinee::engine {

// Errors of predicted ratings, summed in the order of the ratings; sums of folds can be added.
struct RatingTotals {
  int64_t ratings = 0;
  double squared = 0, absolute = 0;                      // of predictions clipped to the range of the grid
  double squared_unclipped = 0, absolute_unclipped = 0;  // of predictions as they are

  void add(double predicted, double rated, const RatingGrid& grid);
  void add(const RatingTotals& fold);
  void report(const EvaluationOptions& options, std::map<std::string, double>& metrics) const;
};

// Over all test ratings of the fold. Error(kDiverged) naming user and item of a prediction that is not finite.
RatingTotals measure_ratings(Context& context, const Model& model, const Fold& fold,
                             const std::function<void(double share)>& progress);

// Test ratings that are predicted at once.
inline constexpr int64_t kRatingBlock = 1 << 18;

}  // namespace matinee::engine
