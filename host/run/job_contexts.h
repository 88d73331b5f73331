#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/config/job.h"
#include "kernels/support/context.h"

namespace matinee::host {

// Where the stages of a job run: those whose work has a CUDA side on the device that was chosen, all others on the CPU.
class JobContexts {
 public:
  // Error(kDevice) where the device that the job asks for cannot be used.
  explicit JobContexts(const Job& job) : JobContexts(job, job.device, job.threads) {}
  // For the models of a job that was trained before.
  JobContexts(const Job& job, const std::string& device, int64_t threads);

  Device device() const { return device_; }
  Device device_for(bool has_cuda_side) const { return has_cuda_side ? device_ : Device{}; }
  Context& cpu() { return cpu_; }
  // Of work that has the device to itself.
  Context& for_work(bool has_cuda_side) { return has_cuda_side && !cuda_.empty() ? *cuda_.front() : cpu_; }
  // Of the stages that run at once on a CUDA device; none where it is the CPU.
  std::vector<std::unique_ptr<Context>>& cuda() { return cuda_; }
  // Bytes that the stages on a CUDA device may hold together: limits.device_memory, else nearly all that was free.
  int64_t device_budget() const { return device_budget_; }
  // Why the device is what it is, in a sentence for the log.
  const std::string& reason() const { return reason_; }

 private:
  Device device_;
  std::string reason_;
  Context cpu_;
  std::vector<std::unique_ptr<Context>> cuda_;
  int64_t device_budget_ = 0;
};

// What of a model's work has no CUDA side, in words: "train pmf"; empty where all has one.
std::string without_cuda_side(const Job& job);

}  // namespace matinee::host
