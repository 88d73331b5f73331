#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/evaluation/evaluate.h"
#include "host/report/metrics_json.h"
#include "host/run/stage_store.h"

namespace matinee::host {

// What is known of a run for those who watch runs, as far as it came: train_job() fills it in, also where it fails.
struct RunSummary {
  std::string job, run;  // names; run: empty where none was put together
  bool published = false;
  std::vector<StageRecord> stages;  // once all have ended
  ModelMetrics metrics;
  std::vector<engine::Evaluation> search;
  std::string metric_lines;  // metrics.jsonl

  // Filled in by who started the run.
  int exit_code = 0;
  double started = 0, ended = 0;  // seconds since 1970
};

}  // namespace matinee::host
