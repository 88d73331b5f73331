#include "counters/counter.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "counters/requests.h"
#include "execution/memory.h"
#include "execution/reserve.h"
#include "runtime/heap.h"
#include "runtime/program.h"

namespace simulated_gpu {
namespace {

bool in_shared_memory(uint64_t address) {
  return address - reinterpret_cast<uintptr_t>(shared_base()) < kSharedSlot * kSharedSlots;
}

// The name without its parameter list: "void scale<float>".
std::string short_name(const std::string& mangled) {
  std::string name = demangle(mangled);
  int depth = 0;
  for (size_t i = name.size(); i-- > 0;) {
    depth += name[i] == ')';
    depth -= name[i] == '(';
    if (depth == 0 && name[i] == '(') {
      name.resize(i);
      break;
    }
  }
  return name.compare(0, 5, "void ") == 0 ? name.substr(5) : name;
}

class Counter final : public Monitor {
 public:
  Counter() : seen_(reserve<uint32_t>(Heap::kReserved / kSectorBytes)) {}

  void launch_begin(const Launch& launch) override {
    ++launch_;
    chains_.clear();
    counts_ = {};
    std::strncpy(counts_.kernel, short_name(launch.kernel).c_str(), sizeof counts_.kernel - 1);
    const dim3 &grid = launch.geometry.grid, &block = launch.geometry.block;
    const uint32_t shape[6] = {grid.x, grid.y, grid.z, block.x, block.y, block.z};
    std::copy(shape, shape + 3, counts_.grid);
    std::copy(shape + 3, shape + 6, counts_.block);
    counts_.shared_bytes = launch.shared_bytes;
  }

  void launch_end(const Launch&, const InstructionCounts& instructions) override {
    counts_.warp_instructions = instructions.warp_instructions;
    counts_.thread_instructions = instructions.thread_instructions;
    counts_.branches = instructions.branches;
    counts_.divergent_branches = instructions.divergent_branches;
    counts_.barriers = instructions.barriers;
    counts_.shuffles = instructions.shuffles;
    counts_.matrix_operations = instructions.matrix_operations;
    counted_launches().push_back(counts_);
  }

  void access(const WarpAccess& access) override {
    const uint64_t first = access.address[__builtin_ctz(access.lanes)];
    if (in_shared_memory(first)) {
      count_shared(access);
    } else if (heap().contains(reinterpret_cast<const void*>(first))) {
      count_global(access);
    }
  }

 private:
  void count_shared(const WarpAccess& access) {
    const SharedPasses passes = shared_passes(access);
    ++counts_.shared_requests;
    counts_.shared_passes += passes.needed;
    counts_.shared_least_passes += passes.least;
  }

  void count_global(const WarpAccess& access) {
    const auto lanes = uint64_t(__builtin_popcount(access.lanes));
    const Sectors sectors = sectors_of(access);
    for (size_t i = 0; i < sectors.count; ++i) touch(sectors.number[i]);
    switch (access.kind) {
      case WarpAccess::Kind::kLoad:
        ++counts_.load_requests;
        counts_.load_bytes += lanes * access.bytes;
        counts_.load_sectors += sectors.count;
        break;
      case WarpAccess::Kind::kStore:
        ++counts_.store_requests;
        counts_.store_bytes += lanes * access.bytes;
        counts_.store_sectors += sectors.count;
        break;
      case WarpAccess::Kind::kAtomic:
        ++counts_.atomic_requests;
        counts_.atomic_lanes += lanes;
        for (uint32_t lane = 0; lane < kWarpSize; ++lane) {
          if (!(access.lanes >> lane & 1)) continue;
          counts_.atomic_chain = std::max(counts_.atomic_chain, ++chains_[access.address[lane]]);
        }
        break;
    }
  }

  // `sector` counts from address 0.
  void touch(uint64_t sector) {
    const uint64_t offset = sector * kSectorBytes - reinterpret_cast<uintptr_t>(heap().base());
    uint32_t& last = seen_[offset / kSectorBytes];
    if (last == launch_) return;
    last = launch_;
    ++counts_.distinct_sectors;
  }

  uint32_t* seen_;  // for each sector of the heap: the last launch that touched it
  uint32_t launch_ = 0;
  std::unordered_map<uint64_t, uint64_t> chains_;  // address -> atomics on it
  SimulatedGpuLaunch counts_{};
};

}  // namespace

Monitor& counter() {
  static auto* the_counter = new Counter;
  return *the_counter;
}

std::vector<SimulatedGpuLaunch>& counted_launches() {
  static auto* all = new std::vector<SimulatedGpuLaunch>;
  return *all;
}

}  // namespace simulated_gpu
