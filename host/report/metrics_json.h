#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluation/evaluate.h"

namespace matinee::host {

// Model name -> its evaluations.
using ModelMetrics = std::map<std::string, std::vector<engine::Evaluation>>;

// metrics.json: {"models": {NAME: {"evaluations": [{"protocol": {…}, "metrics": {…}}, …]}}}, and back; what was
// measured of searches stands beside "models", where it was: "search": {"evaluations": […]}. Numbers are written so
// that they are read back bit for bit. Reading throws Error(kArtifact) with `path`.
std::string metrics_to_json(const ModelMetrics& metrics, const std::vector<engine::Evaluation>& search = {});
ModelMetrics metrics_from_json(std::string_view text, const std::string& path);
std::vector<engine::Evaluation> search_from_json(std::string_view text, const std::string& path);

}  // namespace matinee::host
