#include "host/run/job_contexts.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/run/usable_cores.h"

namespace matinee::host {
namespace {

std::string reason_of(const Job& job, const std::string& wanted, Device device) {
  if (wanted != "auto") return fmt::format("device \"{}\" is {}", wanted, to_string(device));
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
    if (spec.model->recommends() && !spec.model->scores_on_cuda()) return "scoring with " + spec.name;
  }
  return "";
}

JobContexts::JobContexts(const Job& job, const std::string& device, int64_t threads)
    : device_(choose_device(device, without_cuda_side(job).empty())),
      reason_(reason_of(job, device, device_)),
      cpu_(Device{}, threads > 0 ? static_cast<int>(threads) : usable_cores()) {
  if (device_.kind != DeviceKind::kCuda) return;
  for (int64_t n = 0; n < job.limits.stages_at_once; ++n) {
    cuda_.push_back(std::make_unique<Context>(device_, cpu_.threads()));
  }
  device_budget_ = job.limits.device_memory_gib ? static_cast<int64_t>(*job.limits.device_memory_gib * 1073741824.0)
                                                : cuda_.front()->available_device_bytes();
}

}  // namespace matinee::host
