#include "testing/simulated_gpu.h"

#include <stdexcept>

#include <dlfcn.h>

namespace simulated_gpu::test {
namespace {

template <typename Function>
Function* look_up(const char* name) {
  void* symbol = dlsym(RTLD_DEFAULT, name);
  if (!symbol) throw std::runtime_error(std::string(name) + " is missing: this test runs on the simulated GPU only");
  return reinterpret_cast<Function*>(symbol);
}

}  // namespace

void set_schedule(Order order, uint64_t seed) {
  look_up<decltype(simulated_gpu_set_schedule)>("simulated_gpu_set_schedule")(int(order), seed);
}

void set_checks(bool on) {
  look_up<decltype(simulated_gpu_set_checks)>("simulated_gpu_set_checks")(on);
}

void set_counting(bool on) {
  look_up<decltype(simulated_gpu_set_counting)>("simulated_gpu_set_counting")(on);
}

std::string take_finding() {
  char text[4096];
  look_up<decltype(simulated_gpu_take_finding)>("simulated_gpu_take_finding")(text, sizeof text);
  return text;
}

std::string kind_of(const std::string& finding) {
  return finding.substr(0, finding.find(':'));
}

std::vector<SimulatedGpuLaunch> counted_launches() {
  auto* launches = look_up<decltype(simulated_gpu_launches)>("simulated_gpu_launches");
  std::vector<SimulatedGpuLaunch> all(launches(nullptr, 0));
  launches(all.data(), all.size());
  return all;
}

}  // namespace simulated_gpu::test
