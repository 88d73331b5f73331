#include "counters/report.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "counters/counter.h"
#include "counters/requests.h"
#include "counters/roofline.h"
#include "runtime/settings.h"

namespace simulated_gpu {
namespace {

struct KernelTotal {
  SimulatedGpuLaunch sum{};
  uint64_t launches = 0;
  uint32_t threads = 0;              // of the largest block
  double bound[kDeviceModels] = {};  // seconds, summed over launches
  std::map<std::string, double> by;  // of the first device: seconds for each kind of bound
};

void add(SimulatedGpuLaunch& sum, const SimulatedGpuLaunch& one) {
  sum.warp_instructions += one.warp_instructions;
  sum.thread_instructions += one.thread_instructions;
  sum.branches += one.branches;
  sum.divergent_branches += one.divergent_branches;
  sum.barriers += one.barriers;
  sum.shuffles += one.shuffles;
  sum.matrix_operations += one.matrix_operations;
  sum.load_requests += one.load_requests;
  sum.store_requests += one.store_requests;
  sum.load_bytes += one.load_bytes;
  sum.store_bytes += one.store_bytes;
  sum.load_sectors += one.load_sectors;
  sum.store_sectors += one.store_sectors;
  sum.distinct_sectors += one.distinct_sectors;
  sum.shared_requests += one.shared_requests;
  sum.shared_passes += one.shared_passes;
  sum.shared_least_passes += one.shared_least_passes;
  sum.atomic_requests += one.atomic_requests;
  sum.atomic_lanes += one.atomic_lanes;
  sum.atomic_chain = std::max(sum.atomic_chain, one.atomic_chain);
  sum.shared_bytes = std::max(sum.shared_bytes, one.shared_bytes);
}

std::map<std::string, KernelTotal> totals_of(const std::vector<SimulatedGpuLaunch>& launches) {
  std::map<std::string, KernelTotal> totals;
  for (const SimulatedGpuLaunch& launch : launches) {
    KernelTotal& total = totals[launch.kernel];
    add(total.sum, launch);
    ++total.launches;
    total.threads = std::max(total.threads, launch.block[0] * launch.block[1] * launch.block[2]);
    for (size_t i = 0; i < kDeviceModels; ++i) {
      const Bound bound = least_time(launch, device_models()[i]);
      total.bound[i] += bound.seconds;
      if (i == 0) total.by[bound.by] += bound.seconds;
    }
  }
  return totals;
}

double percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 100.0 : 100.0 * double(part) / double(whole);
}

// Without what all kernels of a program have in their names.
std::string short_name(std::string name) {
  for (const std::string part : {"(anonymous namespace)::", "matinee::"}) {
    for (size_t at; (at = name.find(part)) != std::string::npos;) name.erase(at, part.size());
  }
  return name;
}

std::string row(const std::string& name, const KernelTotal& total) {
  const SimulatedGpuLaunch& sum = total.sum;
  const uint64_t moved = (sum.load_sectors + sum.store_sectors) * kSectorBytes;
  const auto most =
      std::max_element(total.by.begin(), total.by.end(), [](auto& a, auto& b) { return a.second < b.second; });
  char text[640];
  std::snprintf(text, sizeof text,
                "%8llu %7u %7llu %13llu %6.1f %6.1f %14llu %14llu %6.1f %14llu %12llu %8.1f %10llu %9llu %9llu %10.2f "
                "%10.2f %10.2f %-14s  ",
                static_cast<unsigned long long>(total.launches), total.threads,
                static_cast<unsigned long long>(sum.shared_bytes),
                static_cast<unsigned long long>(sum.warp_instructions),
                percent(sum.thread_instructions, 32 * sum.warp_instructions),
                sum.branches ? percent(sum.divergent_branches, sum.branches) : 0.0,
                static_cast<unsigned long long>(sum.load_bytes + sum.store_bytes),
                static_cast<unsigned long long>(moved), percent(sum.load_bytes + sum.store_bytes, moved),
                static_cast<unsigned long long>(sum.distinct_sectors * kSectorBytes),
                static_cast<unsigned long long>(sum.shared_passes),
                sum.shared_passes ? 100 - percent(sum.shared_least_passes, sum.shared_passes) : 0.0,
                static_cast<unsigned long long>(sum.atomic_lanes), static_cast<unsigned long long>(sum.atomic_chain),
                static_cast<unsigned long long>(sum.barriers), 1e6 * total.bound[0], 1e6 * total.bound[1],
                1e6 * total.bound[2], most->first.c_str());
  return text + short_name(name) + "\n";
}

}  // namespace

std::string report_table(const std::vector<SimulatedGpuLaunch>& launches) {
  char head[640];
  std::snprintf(head, sizeof head,
                "%8s %7s %7s %13s %6s %6s %14s %14s %6s %14s %12s %8s %10s %9s %9s %10s %10s %10s %-14s  kernel\n",
                "launches", "threads", "shared", "warp instr", "lanes%", "diver%", "bytes asked", "bytes moved",
                "sect.%", "DRAM least", "shared pass", "confl.%", "atomics", "chain", "barriers", "A100 us", "H100 us",
                "H200 us", "bound by (A100)");
  std::string text = head;
  for (const auto& [name, total] : totals_of(launches)) text += row(name, total);
  return text +
         "threads, shared: of the largest block, and its bytes of shared memory. us: the least time by the roofline, "
         "summed over the launches; a bound, never a time.\n";
}

void write_report() {
  if (settings().report.empty() || counted_launches().empty()) return;
  const std::string text = report_table(counted_launches());
  if (settings().report == "-") {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    return;
  }
  std::FILE* file = std::fopen(settings().report.c_str(), "a");
  if (!file) return void(std::fprintf(stderr, "simulated GPU: cannot write %s\n", settings().report.c_str()));
  std::fputs(text.c_str(), file);
  std::fclose(file);
}

}  // namespace simulated_gpu
