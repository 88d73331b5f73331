#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/config/job.h"

namespace matinee::host {

// What the command line adds to a job file.
struct Overrides {
  std::vector<std::string> settings;  // "a.b=VALUE", VALUE as JSON or else as text
  std::optional<std::string> device;
  std::optional<std::string> output;  // directory, relative to the working directory
};

// Reads, overrides and checks a job file. Throws one Error(kConfig) that lists every error, one a line:
// "FILE: /models/pmf/factor: unknown key; did you mean \"factors\"?", in the order of the file; errors of values that
// the command line gave begin with the option instead of FILE. A syntax error has file:line:column.
Job parse_job(const std::string& path, const Overrides& overrides);

// The JSON Schema (draft 2020-12) of a job file.
std::string job_schema();

// The reference page of all parameters, Markdown.
std::string job_reference();

}  // namespace matinee::host
