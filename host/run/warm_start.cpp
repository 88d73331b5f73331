#include "host/run/warm_start.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "host/config/json.h"
#include "host/config/parse_job.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;

void check_warm_start(const Job& job, const Job& earlier) {
  std::string problems;
  for (const ModelSpec& spec : job.models) {
    if (!spec.initial.empty() || !spec.model->can_start_from_another()) continue;
    const auto before = std::ranges::find(earlier.models, spec.name, &ModelSpec::name);
    if (before == earlier.models.end()) continue;
    const std::string obstacle = spec.model->obstacle_to_start_from(*before->model);
    if (obstacle.empty()) continue;
    problems += fmt::format(
        "{}{}: {}: cannot start from the model of this name of the run {} (/warm_start/run): {}, or rename the model",
        problems.empty() ? "" : "\n", job.path, child_pointer("/models", spec.name), job.warm_start.run, obstacle);
  }
  if (!problems.empty()) throw Error(ErrorKind::kConfig, problems);
}

void check_warm_start(const Job& job) {
  if (job.warm_start.run.empty()) return;
  const fs::path run = job.warm_start.run, link = run / "current";
  std::error_code error;
  const fs::path config = (fs::is_symlink(link, error) ? link : run) / "config.json";
  if (fs::is_regular_file(config, error)) check_warm_start(job, parse_job(config.string(), {}));
}

}  // namespace matinee::host
