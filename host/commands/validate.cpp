#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/run/warm_start.h"

namespace matinee::host {

void add_validate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("validate", "check a job file and name all its errors; trains nothing");
  const auto options = add_job_options(*command);
  command->callback([options] {
    const Job job = parse_job(options->config, options->overrides);
    check_warm_start(job);
    fmt::print("{}: valid, {} model(s)\n", options->config, job.models.size());
  });
}

}  // namespace matinee::host
