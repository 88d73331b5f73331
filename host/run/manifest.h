#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/dataset.h"
#include "host/config/job.h"
#include "host/run/stage_store.h"

namespace matinee::host {

// What manifest.json says of a run.
struct Manifest {
  std::string run_id, job_name, started, finished;  // times in UTC
  uint64_t seed = 0;
  std::string device;
  int threads = 1;
  bool deterministic = true;
  std::string warm_start;  // the run that was started from; empty: none
  std::string config_sha256;
  int64_t peak_host_bytes = 0, peak_device_bytes = 0;
  std::vector<engine::InputFile> inputs;
  std::vector<OutputFile> outputs;
  std::vector<StageRecord> stages;
};

// Engine, build, program hash and library versions are filled in here.
std::string manifest_to_json(const Manifest& manifest);

// Throws Error(kArtifact) where it is missing, broken, of a newer schema, or lists a path that leaves the run.
Manifest read_manifest(const std::filesystem::path& run);

// sha256 of the running program: what "code version" means in fingerprints.
const std::string& program_sha256();

// Checks every file of the manifest. Throws Error(kArtifact) naming the first damage; returns how many files and bytes
// are sound.
struct VerifiedFiles {
  int64_t files = 0, bytes = 0;
};
VerifiedFiles verify_run(const std::filesystem::path& run);

}  // namespace matinee::host
