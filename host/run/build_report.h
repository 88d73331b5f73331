#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/report/metrics_json.h"
#include "host/report/run_report.h"
#include "host/run/run_data.h"
#include "host/run/stage_store.h"

namespace matinee::host {

// What the stages measured.
struct StageOutputs {
  ModelMetrics metrics;
  RatioSweeps sweeps;
  std::vector<engine::Evaluation> search;
  std::string metric_lines;  // metrics.jsonl
};

StageOutputs collect_stage_outputs(const StageStore& store, const std::vector<StageRecord>& records);

// Everything that the report shows, from the files of a run that is about to be published.
RunReport build_report(const Job& job, const RunData& data, const StageOutputs& outputs,
                       const std::vector<StageRecord>& records, const std::filesystem::path& run);

}  // namespace matinee::host
