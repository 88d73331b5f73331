#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/config/job.h"
#include "host/report/run_report.h"
#include "host/run/job_contexts.h"
#include "host/run/job_stages.h"
#include "host/run/run_summary.h"

namespace matinee::host {

// What a job starts from, decided before anything is trained.
struct PreparedJob {
  std::unique_ptr<JobContexts> contexts;
  PredictedShape shape;
  std::optional<OpenRun> warm_start;
  std::unique_ptr<JobStages> stages;
};

// Chooses the device, opens the warm start, hashes the inputs, lays out the stages. Writes nothing.
// Error(kMemory) where a stage needs more memory than there is, if that is to be refused.
PreparedJob prepare_job(const Job& job, bool refuse_what_cannot_fit);

struct TrainedRun {
  std::filesystem::path folder;
  RunReport report;
};

// Runs the stages that are not there yet and publishes the run: all of it or nothing.
// Throws engine::Stopped after a signal and Error otherwise; the published run then is what it was.
// `summary` is filled in as far as the run comes, also where it fails.
TrainedRun train_job(const Job& job, RunSummary& summary);

}  // namespace matinee::host
