#include "host/run/plan.h"

#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/run/train_job.h"

namespace matinee::host {
namespace {

void print_plan(const Job& job) {
  const PreparedJob prepared = prepare_job(job, false);
  const engine::DataShape& shape = prepared.shape.shape;
  fmt::print("{} users, {} items, {} ratings{}\n\n", shape.users, shape.items, shape.ratings,
             prepared.shape.exact ? "" : " (estimated from the first part of the file)");
  const StageStore store(job.output.directory);
  fmt::print("{:<40} {:<8} {:>12} {:>12}  {}\n", "stage", "on", "host bytes", "device bytes", "reused");
  int64_t peak = 0;
  for (const Stage& stage : prepared.stages->stages()) {
    peak = std::max(peak, stage.host_bytes);
    fmt::print("{:<40} {:<8} {:>12} {:>12}  {}\n", stage.name, to_string(stage.device), bytes_text(stage.host_bytes),
               bytes_text(stage.device_bytes), store.has(stage.fingerprint) ? "yes" : "no");
  }
  fmt::print("\npeak {} of {} on {}\n", bytes_text(peak), bytes_text(host_budget(job.limits)),
             to_string(prepared.contexts->device()));
  check_memory(prepared.stages->stages(), job.limits, *prepared.contexts, prepared.shape);
}

}  // namespace

void add_plan(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("plan", "show the stages of a job, their memory and what would be reused; trains nothing");
  const auto options = add_job_options(*command);
  command->callback([options] { print_plan(parse_job(options->config, options->overrides)); });
}

}  // namespace matinee::host
