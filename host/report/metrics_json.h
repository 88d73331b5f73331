#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluation/evaluate.h"

namespace matinee::host {

// Model name -> its evaluations.
using ModelMetrics = std::map<std::string, std::vector<engine::Evaluation>>;

// What a fusion was measured to be with one ratio.
struct RatioMetrics {
  std::string ratio;
  std::vector<engine::Evaluation> evaluations;
};
// Model name -> its ratios, in the order of the job file.
using RatioSweeps = std::map<std::string, std::vector<RatioMetrics>>;

// metrics.json: {"models": {NAME: {"evaluations": [{"protocol": {…}, "metrics": {…}}, …]}},
// with "standard_deviations" beside the metrics of pooled folds,
// "ratio_sweeps": {NAME: [{"ratio": "7:1", "evaluations": […]}, …]}, "search": {"evaluations": […]}}, the latter two
// where there are any, and back. Numbers are written so that they are read back bit for bit. Reading throws
// Error(kArtifact) with `path`.
std::string metrics_to_json(const ModelMetrics& metrics, const RatioSweeps& sweeps = {},
                            const std::vector<engine::Evaluation>& search = {});
ModelMetrics metrics_from_json(std::string_view text, const std::string& path);
RatioSweeps ratio_sweeps_from_json(std::string_view text, const std::string& path);
std::vector<engine::Evaluation> search_from_json(std::string_view text, const std::string& path);

}  // namespace matinee::host
