#include "runtime/monitors.h"

#include "execution/monitor.h"

namespace simulated_gpu {
namespace {

Monitor* installed = nullptr;

}  // namespace

Monitor* monitor() {
  return installed;
}

void install_monitor(Monitor* wanted) {
  installed = wanted;
}

}  // namespace simulated_gpu
