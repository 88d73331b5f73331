#include <atomic>
#include <cstring>

#include "execution/memory.h"
#include "execution/monitor.h"
#include "ptx/grid_scheduler.h"

namespace simulated_gpu::ptx {
namespace {

// What cooperative groups find behind %envreg1 and %envreg2: its size in bytes, then the state of the grid's barrier.
class GridWorkspace {
 public:
  explicit GridWorkspace(bool wanted) {
    if (!wanted) return;
    memory_ = static_cast<unsigned char*>(allocate_internal(kBytes));
    if (!memory_) stop("unsupported", "no device memory for grid-wide synchronisation");
    std::memcpy(memory_, &kBytes, sizeof kBytes);
  }
  ~GridWorkspace() {
    if (memory_) free_internal(memory_);
  }
  GridWorkspace(const GridWorkspace&) = delete;
  unsigned char* memory() const { return memory_; }

 private:
  static constexpr u32 kBytes = 4096;
  unsigned char* memory_ = nullptr;
};

void describe(Launch& launch, const Kernel& kernel, const Geometry& geometry) {
  launch.kernel = kernel.name;
  launch.geometry = geometry;
  for (const SharedVariable& variable : kernel.frame.shared) {
    const u32 bytes = variable.bytes ? variable.bytes : static_cast<u32>(geometry.dynamic_shared);
    if (bytes) launch.shared_variables.push_back({variable.name, variable.offset, bytes});
  }
  launch.shared_bytes = kernel.frame.static_shared + static_cast<u32>(geometry.dynamic_shared);
  launch.source = [&kernel](u32 pc) { return source_line(kernel, pc); };
}

}  // namespace

InstructionCounts launch(const Kernel& kernel, dim3 grid, dim3 block, size_t dynamic_shared, void** arguments,
                         bool cooperative) {
  static std::atomic<u64> runs{0};
  const GridWorkspace workspace(cooperative);
  KernelRun run;
  run.kernel = &kernel;
  run.id = ++runs;
  run.grid_workspace = workspace.memory();
  run.arguments.resize(kernel.parameter_bytes + 16);
  for (size_t i = 0; i < kernel.parameters.size(); ++i)
    std::memcpy(&run.arguments[kernel.parameters[i].offset], arguments[i], kernel.parameters[i].size);
  describe(run.launch, kernel, {grid, block, dynamic_shared, cooperative});
  run.launch.arguments = run.arguments.data();
  run.launch.argument_bytes = run.arguments.size();
  if (monitor()) monitor()->launch_begin(run.launch);
  const InstructionCounts counts = run_grid(run);
  if (monitor()) monitor()->launch_end(run.launch, counts);
  return counts;
}

}  // namespace simulated_gpu::ptx
