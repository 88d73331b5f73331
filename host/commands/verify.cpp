#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/run/manifest.h"
#include "host/run/open_run.h"
#include "host/terminal/progress.h"

namespace matinee::host {

void add_verify(CLI::App& app) {
  const auto path = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("verify", "check every hash of a run's manifest");
  command->add_option("RUN", *path, "a run's folder, or an output directory with a published run")->required();
  add_log_option(*command);
  command->callback([path] {
    const auto run = find_run(*path);
    const VerifiedFiles verified = verify_run(run);
    fmt::print("{}: {} files, {}, all as in the manifest\n", run.string(), verified.files, bytes_text(verified.bytes));
  });
}

}  // namespace matinee::host
