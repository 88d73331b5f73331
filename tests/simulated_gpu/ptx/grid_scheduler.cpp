#include "ptx/grid_scheduler.h"

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "execution/memory.h"
#include "execution/monitor.h"
#include "execution/schedule.h"
#include "ptx/barriers.h"
#include "ptx/block_setup.h"
#include "ptx/warp_scheduler.h"

namespace simulated_gpu::ptx {
namespace {

using Order = Schedule::Order;

constexpr u64 kRoundsUntilMoreBlocks = 16;   // without a block that ends: they may wait for one that is not here yet
constexpr u64 kRoundsUntilSpin = 1'000'000;  // then nobody will end any more
constexpr size_t kMostWaitedFor = 256;       // blocks in flight for that reason

// What the workers share.
struct Grid {
  const KernelRun& run;
  u64 blocks;
  std::atomic<u64> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex{};  // of what follows
  std::exception_ptr failure{};
  InstructionCounts counts{};
};

[[noreturn]] void report_deadlock(const std::vector<std::unique_ptr<ThreadBlock>>& blocks) {
  std::map<std::string, u32> threads_at;
  for (const auto& block : blocks)
    for (const Warp& warp : block->warps)
      for (const Fragment& fragment : warp.fragments) {
        const bool at_barrier = fragment.state == Fragment::State::kAtBarrier;
        threads_at[(at_barrier ? "__syncthreads at " : "warp collective at ") + source_of(warp, fragment.pc)] +=
            static_cast<u32>(__builtin_popcount(fragment.lanes));
      }
  std::string message = "no thread can go on:";
  for (const auto& [place, threads] : threads_at)
    message += "\n  " + std::to_string(threads) + " threads wait in " + place;
  stop("deadlock", message);
}

// One thread of the host, with its blocks in flight. Blocks are kept from launch to launch.
class Worker {
 public:
  Worker(Grid& grid, u64 number)
      : grid_(grid),
        random_(schedule().seed + number),
        resident_(grid.run.launch.geometry.cooperative ? grid.blocks
                                                       : static_cast<size_t>(schedule().resident_blocks)) {}
  ~Worker() {
    for (auto& block : blocks_) pool().push_back(std::move(block));
  }
  Worker(const Worker&) = delete;

  void run();
  const InstructionCounts& counts() const { return counts_; }

 private:
  static std::vector<std::unique_ptr<ThreadBlock>>& pool() {
    static thread_local std::vector<std::unique_ptr<ThreadBlock>> blocks;
    return blocks;
  }
  void refill();
  bool run_round();
  bool run_warps(ThreadBlock&);
  void finish(size_t index);
  void look_for_standstill(bool any, bool ended);

  Grid& grid_;
  Random random_;
  size_t resident_;
  std::vector<std::unique_ptr<ThreadBlock>> blocks_;
  InstructionCounts counts_;
  u64 idle_rounds_ = 0, rounds_ = 0;
};

std::unique_ptr<ThreadBlock> new_block() {
  static thread_local size_t slots = 0;
  auto block = std::make_unique<ThreadBlock>();
  block->identity.shared = shared_slot(slots++);
  return block;
}

void Worker::refill() {
  while (blocks_.size() < resident_) {
    u64 number = grid_.next++;
    if (number >= grid_.blocks) return;
    if (schedule().order == Order::kReverse) number = grid_.blocks - 1 - number;
    if (pool().empty()) pool().push_back(new_block());
    blocks_.push_back(std::move(pool().back()));
    pool().pop_back();
    set_up_block(*blocks_.back(), grid_.run, number);
  }
}

// Each warp of a block gets a turn.
bool Worker::run_warps(ThreadBlock& block) {
  const Order order = schedule().order;
  const u64 quantum = static_cast<u64>(schedule().quantum);
  const size_t warps = block.warps.size(), start = order == Order::kRandom ? random_.below(warps) : 0;
  bool any = false;
  for (size_t i = 0; i < warps; ++i) {
    Warp& warp = block.warps[order == Order::kReverse ? warps - 1 - i : (i + start) % warps];
    if (warp.fragments.empty()) continue;
    const u32 alive = block.alive;
    any |= run_warp(warp, static_cast<int>(order == Order::kRandom ? 1 + random_.below(quantum) : quantum), random_);
    if (block.alive != alive && block.alive) open_barriers_after_exit(block);
  }
  return any;
}

void Worker::finish(size_t index) {
  ThreadBlock& block = *blocks_[index];
  if (monitor()) monitor()->block_end(block.identity);
  for (const Warp& warp : block.warps) counts_ += warp.counts;
  counts_.barriers += block.barriers;
  pool().push_back(std::move(blocks_[index]));
  blocks_.erase(blocks_.begin() + static_cast<ptrdiff_t>(index));
}

bool Worker::run_round() {
  bool any = false, ended = false;
  for (size_t i = 0; i < blocks_.size();) {
    any |= run_warps(*blocks_[i]);
    if (blocks_[i]->alive) {
      ++i;
      continue;
    }
    finish(i);
    ended = true;
  }
  look_for_standstill(any, ended);
  return any || ended;
}

void Worker::look_for_standstill(bool any, bool ended) {
  idle_rounds_ = any || ended ? 0 : idle_rounds_ + 1;
  rounds_ = ended ? 0 : rounds_ + 1;
  if (idle_rounds_ > 1) report_deadlock(blocks_);
  if (rounds_ > kRoundsUntilMoreBlocks && resident_ < grid_.blocks && resident_ < kMostWaitedFor) {
    resident_ *= 2;
    rounds_ = 0;
  }
  if (rounds_ > kRoundsUntilSpin) {
    const Warp& warp = blocks_[0]->warps[0];
    stop("spin", "blocks run without end, for example at " + source_of(warp, warp.pc));
  }
}

void Worker::run() {
  for (refill(); !blocks_.empty() && !grid_.failed; refill()) run_round();
}

void work(Grid& grid, u64 number) {
  try {
    Worker worker(grid, number);
    worker.run();
    const std::lock_guard<std::mutex> lock(grid.mutex);
    grid.counts += worker.counts();
  } catch (...) {
    const std::lock_guard<std::mutex> lock(grid.mutex);
    if (!grid.failed.exchange(true)) grid.failure = std::current_exception();
  }
}

}  // namespace

InstructionCounts run_grid(const KernelRun& run) {
  const Geometry& geometry = run.launch.geometry;
  Grid grid{run, u64{geometry.grid.x} * geometry.grid.y * geometry.grid.z};
  u64 workers =
      static_cast<u64>(schedule().workers ? schedule().workers : static_cast<int>(std::thread::hardware_concurrency()));
  if (monitor() || geometry.cooperative) workers = 1;
  workers = std::min(workers, grid.blocks);
  std::vector<std::thread> threads;
  for (u64 i = 1; i < workers; ++i) threads.emplace_back(work, std::ref(grid), i);
  work(grid, 0);
  for (std::thread& thread : threads) thread.join();
  if (grid.failure) std::rethrow_exception(grid.failure);
  return grid.counts;
}

}  // namespace simulated_gpu::ptx
