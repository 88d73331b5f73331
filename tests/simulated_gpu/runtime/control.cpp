#include "runtime/control.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "counters/counter.h"
#include "execution/schedule.h"
#include "runtime/copies.h"
#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/monitors.h"
#include "runtime/operations.h"

using namespace simulated_gpu;

extern "C" {

size_t simulated_gpu_take_finding(char* text, size_t room) {
  const std::lock_guard lock(runtime_lock());
  if (sticky_error() != cudaSuccess) finish_all();  // what is pending in a broken context does nothing any more
  const std::string finding = take_finding();
  if (room > 0) {
    std::strncpy(text, finding.c_str(), room - 1);
    text[room - 1] = 0;
  }
  return finding.size();
}

void simulated_gpu_set_schedule(int order, uint64_t seed) {
  const std::lock_guard lock(runtime_lock());
  finish_all();
  schedule().order = order == 0   ? Schedule::Order::kForward
                     : order == 1 ? Schedule::Order::kReverse
                                  : Schedule::Order::kRandom;
  schedule().seed = seed;
  reseed_operations();
}

void simulated_gpu_set_checks(int on) {
  const std::lock_guard lock(runtime_lock());
  finish_all();
  set_checks(on != 0);
}

void simulated_gpu_set_counting(int on) {
  const std::lock_guard lock(runtime_lock());
  finish_all();
  set_counting(on != 0);
  if (!on) return;
  counted_launches().clear();
  bytes_to_device() = 0;
}

size_t simulated_gpu_launches(SimulatedGpuLaunch* launches, size_t room) {
  const std::lock_guard lock(runtime_lock());
  const auto& all = counted_launches();
  std::copy_n(all.begin(), std::min(room, all.size()), launches);
  return all.size();
}

uint64_t simulated_gpu_bytes_to_device(void) {
  const std::lock_guard lock(runtime_lock());
  return bytes_to_device();
}

}  // extern "C"
