#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/run/run_summary.h"

namespace matinee::host {

// The figures of a run in the text format of Prometheus, for the textfile collector of its node exporter: exit code,
// times, metrics per model, seconds and peak bytes per stage. `last_success`: when a run last ended with exit code 0,
// in seconds since 1970; none: never.
std::string prometheus_text(const RunSummary& summary, std::optional<double> last_success);

// The time of the last success that an earlier text of this form tells; none: it tells none.
std::optional<double> last_success_in(std::string_view text);

// Replaces `path` by the text of this run, by one rename: who reads it never sees half of it. Error(kArtifact) where
// the folder cannot be written.
void write_prometheus_file(const std::filesystem::path& path, const RunSummary& summary);

}  // namespace matinee::host
