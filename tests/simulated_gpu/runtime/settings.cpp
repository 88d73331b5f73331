#include "runtime/settings.h"

#include <cstdlib>
#include <string_view>

#include "execution/schedule.h"
#include "runtime/errors.h"

namespace simulated_gpu {
namespace {

std::string variable(const char* name, const char* otherwise = "") {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

bool is_on(const char* name) {
  const std::string value = variable(name, "0");
  if (value != "0" && value != "1" && !value.empty()) stop_unsupported(std::string(name) + "=" + value);
  return value == "1";
}

// "512M" in bytes.
size_t bytes(const char* name) {
  const std::string text = variable(name);
  if (text.empty()) return 0;
  char* end = nullptr;
  const size_t count = std::strtoull(text.c_str(), &end, 10);
  const std::string_view unit = end;
  if (end != text.c_str() && unit.empty()) return count;
  if (unit == "K") return count << 10;
  if (unit == "M") return count << 20;
  if (unit == "G") return count << 30;
  stop_unsupported(std::string(name) + "=" + text);
}

Settings read_settings() {
  Settings read;
  read.check = is_on("SIMULATED_GPU_CHECK");
  read.check_leaks = is_on("SIMULATED_GPU_LEAKS");
  read.blocking = variable("CUDA_LAUNCH_BLOCKING") == "1";
  read.report = variable("SIMULATED_GPU_REPORT");
  read.device = variable("SIMULATED_GPU_DEVICE", "A100");
  read.memory = bytes("SIMULATED_GPU_MEMORY");
  return read;
}

Schedule read_schedule() {
  Schedule read;
  const std::string order = variable("SIMULATED_GPU_SCHEDULE", "forward");
  if (order == "reverse") {
    read.order = Schedule::Order::kReverse;
  } else if (order == "random") {
    read.order = Schedule::Order::kRandom;
  } else if (order != "forward") {
    stop_unsupported("SIMULATED_GPU_SCHEDULE=" + order);
  }
  read.seed = std::strtoull(variable("SIMULATED_GPU_SEED", "1").c_str(), nullptr, 10);
  read.workers = std::atoi(variable("SIMULATED_GPU_WORKERS", "0").c_str());
  return read;
}

}  // namespace

const Settings& settings() {
  static const Settings all = read_settings();
  return all;
}

Schedule& schedule() {
  static Schedule current = read_schedule();
  return current;
}

}  // namespace simulated_gpu
