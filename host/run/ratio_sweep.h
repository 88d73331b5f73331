#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/evaluation/evaluate.h"
#include "host/config/job.h"
#include "host/report/metrics_json.h"
#include "kernels/support/context.h"

namespace matinee::host {

// What the models of a sweep are trained on and measured by, one fold.
struct SweepFold {
  std::shared_ptr<const engine::Fold> fold;
  engine::SparseRatings by_item;
  std::map<std::string, std::unique_ptr<engine::Model>> references;
  const engine::Catalogue* catalogue = nullptr;
  uint64_t seed = 0;

  engine::TrainingInput input(const engine::RatingGrid& grid) const;
};

// The fold that the models of `spec` are trained on, with what `trained` gives for the names that it refers to.
SweepFold sweep_fold(std::shared_ptr<const engine::Fold> fold, const engine::Catalogue& catalogue,
                     const ModelSpec& spec, uint64_t seed,
                     const std::function<std::unique_ptr<engine::Model>(const std::string& name)>& trained);

// Measures the fusion `spec` with each ratio of `sweep`. `load` gives fold 0, 1 …, one at a time; what all ratios have
// in common is computed once for each. In a context of the CPU.
std::vector<RatioMetrics> measure_ratios(Context& context, const RatioSweep& sweep, const ModelSpec& spec,
                                         int64_t folds, const std::function<SweepFold(int64_t number)>& load,
                                         const engine::EvaluationOptions& options, uint64_t seed,
                                         const std::function<void(double, double, std::string_view)>& advance);

// Bytes of host memory for that, beside the evaluation, the ratings and the models that it builds on.
int64_t ratio_sweep_bytes(const RatioSweep& sweep, const ModelSpec& spec, const engine::DataShape& shape);

}  // namespace matinee::host
