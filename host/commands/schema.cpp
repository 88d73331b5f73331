#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/config/parse_job.h"

namespace matinee::host {

void add_schema(CLI::App& app) {
  const auto markdown = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("schema", "print the JSON Schema of a job file, or its reference page");
  command
      ->add_option_function<std::string>(
          "--format", [markdown](const std::string& format) { *markdown = format == "markdown"; }, "json or markdown")
      ->check(CLI::IsMember({"json", "markdown"}))
      ->default_str("json");
  command->callback([markdown] { fmt::print("{}", *markdown ? job_reference() : job_schema()); });
}

}  // namespace matinee::host
