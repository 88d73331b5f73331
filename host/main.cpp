#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <new>
#include <span>
#include <system_error>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "engine/training_monitor.h"
#include "engine/version.h"
#include "host/commands/commands.h"
#include "host/config/suggestions.h"
#include "host/run/exit_code.h"
#include "host/run/memory.h"
#include "host/run/signals.h"
#include "host/terminal/log.h"
#include "kernels/support/error.h"

namespace {

using matinee::ErrorKind;

// A file opened later must not get the number of a standard stream that the caller closed: results or log lines would
// be written into it. Writing to the stand-in of stdout fails.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

[[noreturn]] void fail_stdout() {
  matinee::fail(ErrorKind::kArtifact,
                "stdout cannot be written: {}. What the command did stays done; only its results are not shown",
                std::strerror(errno));
}

void check_command_name(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return;
  matinee::fail(ErrorKind::kConfig, "unknown command \"{}\"; {}", argv[1], matinee::host::suggestion(argv[1], names));
}

int run(int argc, char** argv) {
  CLI::App app("Training engine for movie recommenders: one JSON job file in, model artifacts and a metric report out",
               "matinee");
  app.set_version_flag("--version", matinee::engine::kVersion);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  matinee::host::add_train(app);
  matinee::host::add_validate(app);
  matinee::host::add_plan(app);
  matinee::host::add_recommend(app);
  matinee::host::add_similar(app);
  matinee::host::add_search(app);
  matinee::host::add_evaluate(app);
  matinee::host::add_publish(app);
  matinee::host::add_verify(app);
  matinee::host::add_doctor(app);
  matinee::host::add_bench(app);
  matinee::host::add_schema(app);
  check_command_name(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool usage = error.get_exit_code() != 0;
    if (usage && matinee::host::log_format() == matinee::host::LogFormat::kJson) {
      spdlog::error("{}", error.what());
    } else {
      app.exit(error);
    }
    if (usage) return static_cast<int>(ErrorKind::kConfig);
  } catch (const std::system_error&) {
    if (std::ferror(stdout) != 0) fail_stdout();
    throw;
  }
  if (std::ferror(stdout) != 0 || std::fflush(stdout) != 0) fail_stdout();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  matinee::host::return_large_blocks();
  matinee::host::start_log(matinee::host::asked_log_format(std::span(argv, static_cast<std::size_t>(argc))));
  try {
    return run(argc, argv);
  } catch (const matinee::engine::Stopped&) {
    spdlog::warn("stopped by signal {}; the same command goes on from here", matinee::host::stop_signal());
    return matinee::host::exit_code_of(std::current_exception());
  } catch (const std::bad_alloc&) {
    spdlog::error("out of memory. Free memory or make the job smaller");
    return matinee::host::exit_code_of(std::current_exception());
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return matinee::host::exit_code_of(std::current_exception());
  }
}
