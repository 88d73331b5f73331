#pragma once

#include <string>

namespace matinee {

// "13.0" each; `driver` is the newest CUDA that the driver supports. Empty: none, or the CUDA backend is not built in.
struct CudaVersions {
  std::string runtime, driver;
};

// Asks the CUDA runtime. Never throws.
CudaVersions cuda_versions();

}  // namespace matinee
