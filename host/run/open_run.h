#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/model.h"
#include "host/config/job.h"
#include "host/run/run_data.h"
#include "host/run/stage_store.h"

namespace matinee::host {

// Below the root of a run or of a stage: the published model (fold 0), or the one of a fold.
std::filesystem::path model_file(const std::filesystem::path& root, const std::string& name, int fold);

// A run that an earlier job left, for the commands that work from artifacts alone and for warm starts. Every file that
// is read is checked against the hash in the manifest first: Error(kArtifact) where it is damaged.
struct OpenRun {
  std::filesystem::path folder;   // canonical: never a link
  std::vector<OutputFile> files;  // that the manifest lists
  Job job;                        // from its config.json
  RunData data;

  // The names of the models that the run holds, comma-separated, stand in the error for a name that it does not hold.
  const ModelSpec& spec(const std::string& name) const;
  std::unique_ptr<engine::Model> model(const std::string& name, int fold = 0) const;  // trained
  engine::Fold fold(int number) const;
  TrainingRatings training() const;  // of fold 0 alone
  // Checks the files whose path is `start` or begins so.
  void require_intact(const std::string& start) const;
};

// `path` is a run's folder, a link to one (runs/current), or an output directory with a link `current`.
std::filesystem::path find_run(const std::filesystem::path& path);
OpenRun open_run(const std::filesystem::path& path);

}  // namespace matinee::host
