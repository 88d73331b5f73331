#pragma once

#include <memory>
#include <string>

#include "host/config/job.h"
#include "kernels/support/context.h"

namespace matinee::host {

// Where the stages of a job run: those whose work has a CUDA side on the device that was chosen, all others on the CPU.
class JobContexts {
 public:
  // Error(kDevice) where the device that the job asks for cannot be used.
  explicit JobContexts(const Job& job);

  Device device() const { return device_; }
  Context& cpu() { return cpu_; }
  Context& for_work(bool has_cuda_side) { return has_cuda_side && cuda_ ? *cuda_ : cpu_; }
  // Why the device is what it is, in a sentence for the log.
  const std::string& reason() const { return reason_; }

 private:
  Device device_;
  std::string reason_;
  Context cpu_;
  std::unique_ptr<Context> cuda_;
};

// What of a model's work has no CUDA side, in words: "train pmf"; empty where all has one.
std::string without_cuda_side(const Job& job);

}  // namespace matinee::host
