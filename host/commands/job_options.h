#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "host/config/parse_job.h"

namespace matinee::host {

// What the commands that read a job file have in common.
struct JobOptions {
  std::string config;
  Overrides overrides;
};

// Adds CONFIG, --set, --device and --output.
std::shared_ptr<JobOptions> add_job_options(CLI::App& command);

// Adds --device to a command that scores with trained models.
void add_device_option(CLI::App& command, std::string& device);

// Adds --format table|json; true stands for json.
std::shared_ptr<bool> add_format_option(CLI::App& command);

// Adds --log-format text|json, which takes effect before the command runs.
void add_log_option(CLI::App& command);

}  // namespace matinee::host
