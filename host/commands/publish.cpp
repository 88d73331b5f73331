#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/run/directory_lock.h"
#include "host/run/manifest.h"
#include "host/run/open_run.h"
#include "host/run/publishing.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

void publish(const std::string& path) {
  const auto run = find_run(path);
  const DirectoryLock lock(run.parent_path());
  verify_run(run);
  publish_run(run.parent_path(), run.filename().string());
  fmt::print("{} -> {}\n", (run.parent_path() / "current").string(), run.filename().string());
}

void rollback(const std::string& directory) {
  if (published_run(directory).empty()) {
    fail(ErrorKind::kArtifact, "{}: no run is published here. Give the output directory of a job", directory);
  }
  const DirectoryLock lock(directory);
  const std::string run_id = roll_back(directory);
  fmt::print("{} -> {}\n", (std::filesystem::path(directory) / "current").string(), run_id);
}

}  // namespace

void add_publish(CLI::App& app) {
  const auto path = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("publish", "verify a run and make it the published one, whatever the quality gate said");
  command->add_option("RUN", *path, "a run's folder")->required();
  add_log_option(*command);
  command->callback([path] { publish(*path); });

  CLI::App* back =
      app.add_subcommand("rollback", "make the run that was published before the current one the published one again");
  back->add_option("DIR", *path, "an output directory")->required();
  add_log_option(*back);
  back->callback([path] { rollback(*path); });
}

}  // namespace matinee::host
