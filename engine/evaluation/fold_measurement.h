#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/evaluation/evaluate.h"
#include "engine/evaluation/measure_ranking.h"
#include "engine/evaluation/rating_metrics.h"

namespace matinee::engine {

// Everything measured on one fold, or on several together.
struct FoldMeasurement {
  std::optional<RankingMeasurement> ranking;
  std::optional<RatingTotals> ratings;
};

// Sums are added over folds; coverage, novelty and ils are means over folds.
FoldMeasurement pool(std::span<const FoldMeasurement> folds);

// One Evaluation for each kind of candidates, protocol first. `fold` is "1", "2" … or "pooled"; empty where there is
// one fold only.
std::vector<Evaluation> report(const FoldMeasurement& measured, const EvaluationOptions& options,
                               const RatingGrid& grid, uint64_t seed, const std::optional<ProtocolValue>& fold);

}  // namespace matinee::engine
