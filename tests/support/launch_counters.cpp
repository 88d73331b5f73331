#include "tests/support/launch_counters.h"

#include <cstdlib>

#include <dlfcn.h>

namespace matinee::test {
namespace {

template <typename Function>
Function* counting_function(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// As the environment says, where `wanted`.
void set_checks(bool wanted) {
  const char* variable = std::getenv("SIMULATED_GPU_CHECK");
  const bool checking = variable != nullptr && std::string(variable) == "1";
  counting_function<decltype(simulated_gpu_set_checks)>("simulated_gpu_set_checks")(wanted && checking ? 1 : 0);
}

}  // namespace

WithoutChecks::WithoutChecks() {
  set_checks(false);
}

WithoutChecks::~WithoutChecks() {
  set_checks(true);
}

bool device_counts_launches() {
  return dlsym(RTLD_DEFAULT, "simulated_gpu_launches") != nullptr;
}

std::vector<SimulatedGpuLaunch> launches_of(const std::function<void()>& work) {
  const auto set_counting = counting_function<decltype(simulated_gpu_set_counting)>("simulated_gpu_set_counting");
  const auto read = counting_function<decltype(simulated_gpu_launches)>("simulated_gpu_launches");
  set_counting(1);
  work();
  std::vector<SimulatedGpuLaunch> launches(read(nullptr, 0));
  read(launches.data(), launches.size());
  set_counting(0);
  return launches;
}

int64_t bytes_to_device_of(const std::function<void()>& work) {
  launches_of(work);
  return static_cast<int64_t>(
      counting_function<decltype(simulated_gpu_bytes_to_device)>("simulated_gpu_bytes_to_device")());
}

Counted counted(const std::vector<SimulatedGpuLaunch>& launches, const std::string& kernel) {
  Counted sum;
  for (const SimulatedGpuLaunch& launch : launches) {
    if (std::string(launch.kernel).find(kernel) == std::string::npos) continue;
    ++sum.launches;
    sum.bytes += static_cast<double>(launch.load_bytes + launch.store_bytes);
    sum.loaded += static_cast<double>(launch.load_bytes);
    sum.sectors += static_cast<double>(launch.load_sectors + launch.store_sectors);
    sum.passes += static_cast<double>(launch.shared_passes);
    sum.least_passes += static_cast<double>(launch.shared_least_passes);
  }
  return sum;
}

}  // namespace matinee::test
