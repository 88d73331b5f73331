#include "host/run/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <sys/resource.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "host/run/control_group.h"

namespace matinee::host {
namespace {

// "Key:   123 kB" of a /proc file, in bytes; -1 where it is not there.
int64_t proc_value(const char* file, const std::string& key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with(key + ":")) return std::stoll(line.substr(key.size() + 1)) * 1024;
  }
  return -1;
}

// What `ulimit -v` leaves of the address space.
int64_t address_space_bytes() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::numeric_limits<int64_t>::max();
  const int64_t used = std::max<int64_t>(proc_value("/proc/self/status", "VmSize"), 0);
  return std::max<int64_t>(static_cast<int64_t>(limit.rlim_cur) - used, 0);
}

}  // namespace

int64_t available_host_bytes() {
  int64_t available = proc_value("/proc/meminfo", "MemAvailable");
  if (available < 0) available = std::numeric_limits<int64_t>::max();
  return std::min({available, control_group_bytes(), address_space_bytes()});
}

int64_t peak_host_bytes() {
  return proc_value("/proc/self/status", "VmHWM");
}

void return_large_blocks() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

void reset_peak() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  std::ofstream("/proc/self/clear_refs") << 5;
}

}  // namespace matinee::host
