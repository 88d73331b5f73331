#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/run/signals.h"
#include "host/run/train_job.h"

namespace matinee::host {

void add_train(CLI::App& app) {
  CLI::App* command = app.add_subcommand("train", "run a job: train, evaluate and publish");
  const auto options = add_job_options(*command);
  command->callback([options] {
    remember_signals();
    const Job job = parse_job(options->config, options->overrides);
    const TrainedRun run = train_job(job);
    fmt::print("{}\nrun      {}\nreport   {}\n", metric_table(run.report), run.folder.string(),
               (run.folder / "report.html").string());
  });
}

}  // namespace matinee::host
