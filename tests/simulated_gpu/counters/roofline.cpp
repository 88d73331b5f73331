#include "counters/roofline.h"

#include "counters/requests.h"

namespace simulated_gpu {

Bound least_time(const SimulatedGpuLaunch& launch, const DeviceModel& device) {
  const double clocks = device.clock_hertz, processors = device.multiprocessors;
  const Bound bounds[] = {
      {double(launch.distinct_sectors) * kSectorBytes / device.dram_bytes_per_second, "DRAM"},
      {double(launch.load_sectors + launch.store_sectors) * kSectorBytes / device.l2_bytes_per_second, "L2"},
      {double(launch.warp_instructions) / (4 * processors * clocks), "issue"},  // four schedulers, one warp each
      {double(launch.shared_passes) / (processors * clocks), "shared"},
      {double(launch.atomic_chain) / clocks, "atomics"},  // at most one update of an address in a clock
  };
  Bound largest = bounds[0];
  for (const Bound& bound : bounds) {
    if (bound.seconds > largest.seconds) largest = bound;
  }
  return largest;
}

}  // namespace simulated_gpu
