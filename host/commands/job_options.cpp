#include "host/commands/job_options.h"

#include "host/terminal/log.h"

namespace matinee::host {

namespace {

constexpr const char* kDeviceHelp = "auto, cpu, cuda or cuda:N; cuda never falls back to the CPU";

}  // namespace

std::shared_ptr<JobOptions> add_job_options(CLI::App& command) {
  auto options = std::make_shared<JobOptions>();
  command.add_option("CONFIG", options->config, "job file (JSON)")->required();
  command
      .add_option("--set", options->overrides.settings,
                  "a.b=VALUE: set a parameter of the job file; may stand several times")
      ->type_name("a.b=VALUE")
      ->allow_extra_args(false);
  command.add_option("--device", options->overrides.device, kDeviceHelp)->type_name("DEVICE");
  command.add_option("--output", options->overrides.output, "output directory")->type_name("DIR");
  add_log_option(command);
  return options;
}

void add_device_option(CLI::App& command, std::string& device) {
  command.add_option("--device", device, kDeviceHelp)->type_name("DEVICE")->capture_default_str();
}

std::shared_ptr<bool> add_format_option(CLI::App& command) {
  auto json = std::make_shared<bool>(false);
  command
      .add_option_function<std::string>(
          "--format", [json](const std::string& format) { *json = format == "json"; }, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->default_str("table");
  return json;
}

void add_log_option(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--log-format",
          [](const std::string& format) { start_log(format == "json" ? LogFormat::kJson : LogFormat::kText); },
          "how the log on stderr is written: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->default_str("text");
}

}  // namespace matinee::host
