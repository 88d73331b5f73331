#pragma once

#include <functional>
#include <vector>

#include "engine/evaluation/search_quality.h"
#include "host/config/job.h"
#include "host/run/run_data.h"

namespace matinee::host {

// engine::measure_search() under the settings of a job. `taste`: vectors of its search_model(); null: it has none.
std::vector<engine::Evaluation> measure_run_search(Context& context, const Job& job,
                                                   const engine::EvaluationOptions& options, const RunData& data,
                                                   const engine::Fold& fold, const engine::InvertedIndex& index,
                                                   const engine::TasteVectors* taste,
                                                   const std::function<void(double done, double total)>& progress);

}  // namespace matinee::host
