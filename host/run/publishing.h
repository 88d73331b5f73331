#pragma once

#include <filesystem>
#include <string>

#include "host/config/job.h"
#include "host/report/metrics_json.h"

namespace matinee::host {

// The published run of an output directory is what the symbolic link DIR/current names; DIR/.published lists the ids of
// all runs that were published, oldest first. The caller holds the directory's lock.

// What the folder of an old run is called while it is being removed.
inline constexpr const char* kDiscardedPrefix = ".discarded-";

// The id of the published run; empty where there is none.
std::string published_run(const std::filesystem::path& output_directory);

// Moves `current` to the run by one rename(2) and notes it in the list.
void publish_run(const std::filesystem::path& output_directory, const std::string& run_id);

// Moves `current` back to the newest run that was published before it and is whole (verify_run); returns its id. The
// run that it leaves stays on disk, unpublished. Throws Error(kArtifact) where there is none.
std::string roll_back(const std::filesystem::path& output_directory);

// Throws Error(kGate) where the metric of the new run is worse than the published run's by more than the gate allows,
// Error(kArtifact) where the published run's metrics are not those of its manifest. Without a published run, or where
// that run lacks the metric under this protocol, there is nothing to compare: returns why.
std::string check_gate(const Gate& gate, const std::filesystem::path& output_directory, const std::string& run_id,
                       const ModelMetrics& metrics);

// Removes published runs beyond the newest `keep` (never the current one), and of the runs that were never published
// those that are older than what stays, or beyond the newest `keep` too. Folders that hold no run of their own name
// stay.
void remove_old_runs(const std::filesystem::path& output_directory, int64_t keep);

}  // namespace matinee::host
