#include "runtime/monitors.h"

#include <memory>
#include <vector>

#include "check/checker.h"
#include "check/shadow.h"
#include "counters/counter.h"
#include "execution/monitor.h"
#include "runtime/heap.h"
#include "runtime/settings.h"

namespace simulated_gpu {
namespace {

// Hands everything to several monitors.
class Both final : public Monitor {
 public:
  Both(Monitor& first, Monitor& second) : all_{&first, &second} {}
  void launch_begin(const Launch& launch) override {
    for (Monitor* each : all_) each->launch_begin(launch);
  }
  void launch_end(const Launch& launch, const InstructionCounts& counts) override {
    for (Monitor* each : all_) each->launch_end(launch, counts);
  }
  void block_begin(Block& block) override {
    for (Monitor* each : all_) each->block_begin(block);
  }
  void block_end(Block& block) override {
    for (Monitor* each : all_) each->block_end(block);
  }
  void block_sync(Block& block) override {
    for (Monitor* each : all_) each->block_sync(block);
  }
  void warp_sync(Block& block, uint32_t warp, uint32_t lanes) override {
    for (Monitor* each : all_) each->warp_sync(block, warp, lanes);
  }
  void fence(Block& block, uint32_t warp, uint32_t lanes) override {
    for (Monitor* each : all_) each->fence(block, warp, lanes);
  }
  void access(const WarpAccess& access) override {
    for (Monitor* each : all_) each->access(access);
  }

 private:
  Monitor* all_[2];
};

struct Monitors {
  bool checks = false, counting = false;
  std::unique_ptr<Checker> checker;
  std::unique_ptr<Monitor> both;
  Monitor* current = nullptr;
};
Monitors& monitors() {
  static auto* all = new Monitors;
  return *all;
}

Checker& checker() {
  if (!monitors().checker) monitors().checker = std::make_unique<Checker>();
  return *monitors().checker;
}

// Memory from before the checks counts as written.
void trust_existing_memory() {
  for (MemoryKind kind : {MemoryKind::kDevice, MemoryKind::kPinned, MemoryKind::kInternal}) {
    for (const Allocation& allocation : heap().live(kind)) shadow_mark_written(allocation.base, allocation.bytes);
  }
}

void choose() {
  Monitors& all = monitors();
  if (all.checks && all.counting) {
    all.both = std::make_unique<Both>(checker(), counter());
    all.current = all.both.get();
  } else {
    all.current = all.checks ? &checker() : all.counting ? &counter() : nullptr;
  }
}

// As the environment says, before the first allocation.
__attribute__((constructor)) void at_start() {
  if (settings().check) set_checks(true);
  if (!settings().report.empty()) set_counting(true);
}

}  // namespace

Monitor* monitor() {
  return monitors().current;
}

void set_checks(bool on) {
  if (on == monitors().checks) return;
  monitors().checks = on;
  choose();
  if (on) trust_existing_memory();
}

void watch_range(const void* address, size_t bytes, bool writes) {
  if (monitors().checks && heap().contains(address)) checker().range(address, bytes, writes);
}

void set_counting(bool on) {
  monitors().counting = on;
  choose();
}

}  // namespace simulated_gpu
