#include "runtime/control.h"

#include <cstring>
#include <string>

#include "execution/schedule.h"
#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/monitors.h"
#include "runtime/operations.h"

using namespace simulated_gpu;

extern "C" {

size_t simulated_gpu_take_finding(char* text, size_t room) {
  const std::lock_guard lock(runtime_lock());
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

}  // extern "C"
