// What happens when the stand-in is loaded, and when the process ends.
#include <cstdio>
#include <unistd.h>

#include "counters/report.h"
#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/heap.h"
#include "runtime/pinned_memory.h"
#include "runtime/settings.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

void find_damaged_guards() {
  for (const std::string& buffer : heap().damaged_guards()) {
    add_finding("guard", "something wrote behind the end of the " + buffer);
  }
}

void count_leak(const char* what, size_t count) {
  if (count > 0) add_finding("leak", std::to_string(count) + " " + what + " left at exit");
}

void find_leaks() {
  for (MemoryKind kind : {MemoryKind::kDevice, MemoryKind::kPinned}) {
    for (const Allocation& left : heap().live(kind)) {
      add_finding("leak", heap().describe(left.base) + " was never freed");
    }
  }
  count_leak("registered host range(s)", registered_ranges());
  count_leak("stream(s)", live_streams());
  count_leak("event(s)", live_events());
  count_leak("graph(s)", live_graphs());
}

// Runs after the program's own destructors. Work that nobody waited for has then never happened.
__attribute__((destructor)) void at_exit() {
  const std::lock_guard lock(runtime_lock());
  if (!heap_in_use()) return;
  write_report();
  find_damaged_guards();
  if (settings().check_leaks && !was_ever_broken()) find_leaks();  // a broken context frees nothing
  if (!has_findings()) return;
  std::fflush(nullptr);
  _exit(kFindingsExit);
}

}  // namespace
}  // namespace simulated_gpu
