#include "runtime/operations.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <utility>

#include "execution/schedule.h"
#include "runtime/errors.h"
#include "runtime/findings.h"
#include "runtime/settings.h"

namespace simulated_gpu {
namespace {

constexpr size_t kMostPending = 4096;  // a real launch queue is finite too

struct Pending {
  uint64_t issued = 0, waits = 0;
  uint64_t goal = 0, goal_wait = 0;      // reverse: the operation that is wanted first, and the mark of what it needs
  std::map<uint64_t, OperationPtr> all;  // by order of issue
  OperationPtr running;
  std::map<uint64_t, OperationPtr> ready;  // those of `all` with nothing left to wait for
  std::mt19937_64 random{schedule().seed};
};
Pending& pending() {
  static auto* state = new Pending;
  return *state;
}

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void complete(const OperationPtr& operation) {
  operation->done = true;
  operation->finished_at = seconds();
  operation->work.run = nullptr;
  operation->after.clear();
  for (const auto& weak : operation->followers) {
    const OperationPtr follower = weak.lock();
    if (follower && --follower->unfinished == 0) pending().ready[follower->number] = follower;
  }
  operation->followers.clear();
}

// After a failed kernel nothing runs any more, but everything counts as done: the error is all that is left.
void run(const OperationPtr& operation) {
  pending().all.erase(operation->number);
  pending().ready.erase(operation->number);
  if (operation->work.run && sticky_error() == cudaSuccess) {
    pending().running = operation;
    try {
      operation->work.run();
    } catch (const KernelError& error) {
      if (error.kind() == "unsupported") stop_unsupported(std::string(error.what()) + " in " + operation->work.name);
      add_finding(error.kind(), std::string(error.what()) + "\n    in " + operation->work.name);
      set_sticky_error(cuda_error_of(error));
    }
    pending().running = nullptr;
  }
  complete(operation);
}

// The ready operation that the schedule prefers. `wait` != 0: only of those marked with it.
OperationPtr choose(uint64_t wait) {
  std::vector<OperationPtr> candidates;
  for (const auto& [number, operation] : pending().ready) {
    if (wait == 0 || operation->wanted_by == wait) candidates.push_back(operation);
  }
  if (schedule().order == Schedule::Order::kRandom) return candidates[pending().random() % candidates.size()];
  return candidates.back();
}

// Marks what must run before `operation` is done.
void mark_needed(const OperationPtr& operation, uint64_t wait) {
  std::vector<Operation*> open{operation.get()};
  while (!open.empty()) {
    Operation* next = open.back();
    open.pop_back();
    if (next->done || next->wanted_by == wait) continue;
    next->wanted_by = wait;
    for (const OperationPtr& before : next->after) open.push_back(before.get());
  }
}

uint64_t mark(const OperationPtr& operation) {
  const uint64_t wait = ++pending().waits;
  mark_needed(operation, wait);
  return wait;
}

// Forward: only what the operation needs runs (what nobody waits for has not happened); null: the rest.
// Reverse: the latest issued runs as early as it may, before everything that is not ordered before it.
// Random: anything that is ready.
OperationPtr next_towards(const OperationPtr& operation, uint64_t wait) {
  if (schedule().order != Schedule::Order::kReverse) return choose(operation ? wait : 0);
  const OperationPtr& latest = pending().all.rbegin()->second;
  if (std::exchange(pending().goal, latest->number) != latest->number) pending().goal_wait = mark(latest);
  return choose(pending().goal_wait);
}

uint64_t wait_for(const OperationPtr& operation) {
  return schedule().order == Schedule::Order::kForward ? mark(operation) : 0;
}

}  // namespace

OperationPtr issue(Work work, std::vector<OperationPtr> after) {
  auto operation = std::make_shared<Operation>();
  operation->number = ++pending().issued;
  operation->work = std::move(work);
  std::vector<const StreamTime*> times;
  for (const OperationPtr& before : after) {
    if (before) times.push_back(&before->time);
  }
  operation->time = next_time(times);
  for (OperationPtr& before : after) {
    if (!before || before->done) continue;
    before->followers.push_back(operation);
    operation->after.push_back(std::move(before));
  }
  operation->unfinished = operation->after.size();
  pending().all[operation->number] = operation;
  if (operation->unfinished == 0) pending().ready[operation->number] = operation;
  if (settings().blocking) {
    finish(operation);
  } else if (schedule().order == Schedule::Order::kRandom) {
    for (uint64_t steps = pending().random() % 4; steps > 1 && !pending().ready.empty(); --steps) run(choose(0));
  }
  if (pending().all.size() > kMostPending) run(pending().ready.begin()->second);
  return operation;
}

void finish(const OperationPtr& operation) {
  if (!operation) return;
  if (!operation->done) {
    const uint64_t wait = wait_for(operation);
    while (!operation->done) run(next_towards(operation, wait));
  }
  host_waited_for(operation->time);
}

void finish_all() {
  while (!pending().all.empty()) run(next_towards(nullptr, 0));
  host_waited_for_everything();
}

const Operation* running_operation() {
  return pending().running.get();
}

void reseed_operations() {
  pending().random.seed(schedule().seed);
}

cudaError_t query(const OperationPtr& operation) {
  if (!operation) return cudaSuccess;
  if (operation->done) {
    host_waited_for(operation->time);
    return cudaSuccess;
  }
  run(next_towards(operation, wait_for(operation)));
  return cudaErrorNotReady;
}

}  // namespace simulated_gpu
