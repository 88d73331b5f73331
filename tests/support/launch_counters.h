#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/simulated_gpu/runtime/control.h"

namespace matinee::test {

// Whether the device that tests run on counts what its kernels do.
bool device_counts_launches();

// The launches of everything that `work` does on the device, which must be over when it returns.
std::vector<SimulatedGpuLaunch> launches_of(const std::function<void()>& work);

// The bytes that `work` copies from the host to the device.
int64_t bytes_to_device_of(const std::function<void()>& work);

// While it lives, the device that counts does not check: several times faster.
class WithoutChecks {
 public:
  WithoutChecks();
  ~WithoutChecks();
  WithoutChecks(const WithoutChecks&) = delete;
  WithoutChecks& operator=(const WithoutChecks&) = delete;
};

// What was counted over all launches of kernels whose name holds `kernel`.
struct Counted {
  double bytes = 0, loaded = 0, sectors = 0, passes = 0, least_passes = 0;
  int launches = 0;

  double bytes_moved() const { return 32 * sectors; }
  double sector_efficiency() const { return bytes / (32 * sectors); }
  double conflicts() const { return passes == 0 ? 0 : (passes - least_passes) / passes; }
};
Counted counted(const std::vector<SimulatedGpuLaunch>& launches, const std::string& kernel);

}  // namespace matinee::test
