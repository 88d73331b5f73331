#include <exception>
#include <filesystem>

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "host/commands/commands.h"
#include "host/commands/job_options.h"
#include "host/run/clock.h"
#include "host/run/exit_code.h"
#include "host/run/prometheus_file.h"
#include "host/run/signals.h"
#include "host/run/tensorboard_files.h"
#include "host/run/train_job.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

// Who watches the runs of a job.
struct Watchers {
  std::string textfile, tensorboard;

  // Before hours of training, not after.
  void check() const {
    const fs::path folder = fs::path(textfile).parent_path();
    if (textfile.empty() || folder.empty() || fs::is_directory(folder)) return;
    fail(ErrorKind::kConfig, "--metrics-textfile {}: there is no folder {}. Create it, or name another file", textfile,
         folder.string());
  }

  // What cannot be written is an error: the textfile comes last, so that its exit code is the program's.
  void tell(const RunSummary& summary) const {
    write_board(summary);
    write_textfile(summary);
  }

  // Why the run failed has been told, with its exit code: what cannot be written then is only warned of.
  void tell_failure(const RunSummary& summary) const {
    for (const auto write : {&Watchers::write_textfile, &Watchers::write_board}) {
      try {
        (this->*write)(summary);
      } catch (const std::exception& error) {
        spdlog::warn("{}", error.what());
      }
    }
  }

 private:
  void write_textfile(const RunSummary& summary) const {
    if (!textfile.empty()) write_prometheus_file(textfile, summary);
  }
  void write_board(const RunSummary& summary) const {
    if (!tensorboard.empty() && !summary.run.empty()) write_tensorboard(tensorboard, summary);
  }
};

void train(const JobOptions& options, const Watchers& watchers) {
  RunSummary summary;
  summary.job = fs::path(options.config).stem().string();  // until the job file has told its name
  summary.started = seconds_now();
  watchers.check();
  try {
    const TrainedRun run = train_job(parse_job(options.config, options.overrides), summary);
    fmt::print("{}\nrun      {}\nreport   {}\n", metric_table(run.report), run.folder.string(),
               (run.folder / "report.html").string());
    summary.ended = seconds_now();
    watchers.tell(summary);
  } catch (...) {
    summary.exit_code = exit_code_of(std::current_exception());
    summary.ended = seconds_now();
    watchers.tell_failure(summary);
    throw;
  }
}

}  // namespace

void add_train(CLI::App& app) {
  CLI::App* command = app.add_subcommand("train", "run a job: train, evaluate and publish");
  const auto options = add_job_options(*command);
  const auto watchers = std::make_shared<Watchers>();
  command
      ->add_option("--metrics-textfile", watchers->textfile,
                   "file for Prometheus' textfile collector: exit code, times, metrics, stages; written where the run "
                   "fails too")
      ->type_name("FILE");
  command
      ->add_option("--tensorboard", watchers->tensorboard,
                   "folder for event files of TensorBoard: training curves and metrics of each model, in DIR/RUN/MODEL")
      ->type_name("DIR");
  command->callback([options, watchers] {
    remember_signals();
    train(*options, *watchers);
  });
}

}  // namespace matinee::host
