#include "host/run/job_contexts.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/run/usable_cores.h"

namespace matinee::host {
namespace {

std::string reason_of(const Job& job, Device device) {
  if (job.device != "auto") return fmt::format("device \"{}\" is {}", job.device, to_string(device));
  if (device.kind == DeviceKind::kCuda)
    return fmt::format("device auto is {}: all of the job has a CUDA side", to_string(device));
  const std::string cpu_only = without_cuda_side(job);
  return fmt::format("device auto is cpu: {}",
                     cpu_only.empty() ? cuda_status().reason : cpu_only + " has no CUDA side");
}

}  // namespace

std::string without_cuda_side(const Job& job) {
  for (const ModelSpec& spec : job.models) {
    if (!spec.model->trains_on_cuda()) return "train " + spec.name;
    if (!spec.model->scores_on_cuda()) return "scoring with " + spec.name;
  }
  return "";
}

JobContexts::JobContexts(const Job& job)
    : device_(choose_device(job.device, without_cuda_side(job).empty())),
      reason_(reason_of(job, device_)),
      cpu_(Device{}, job.threads > 0 ? static_cast<int>(job.threads) : usable_cores()) {
  if (device_.kind == DeviceKind::kCuda) cuda_ = std::make_unique<Context>(device_, cpu_.threads());
}

}  // namespace matinee::host
