#include "ptx/barriers.h"

#include "execution/monitor.h"
#include "ptx/lanes.h"

namespace simulated_gpu::ptx {
namespace {

struct Votes {
  u32 count = 0;
  bool any = false, all = true;
};

bool has_vote(const Instruction& i) {
  return static_cast<Barrier>(i.variant) != Barrier::kWait && static_cast<Barrier>(i.variant) != Barrier::kArrive;
}

template <class Visit>
void for_each_waiting(ThreadBlock& block, u32 barrier, Visit visit) {
  for (Warp& warp : block.warps)
    for (Fragment& fragment : warp.fragments)
      if (fragment.state == Fragment::State::kAtBarrier && fragment.barrier == barrier) visit(warp, fragment);
}

// All threads of a block must wait in the same statement.
Votes count_votes(ThreadBlock& block, u32 barrier) {
  const Kernel& kernel = *block.run->kernel;
  Votes votes;
  const Fragment* first = nullptr;
  for_each_waiting(block, barrier, [&](Warp& warp, Fragment& fragment) {
    if (!first) first = &fragment;
    const std::string here = fragment.pc == first->pc ? "" : source_line(kernel, fragment.pc);
    if (!here.empty() && here != source_line(kernel, first->pc))
      stop("barrier-divergence",
           "threads of one block wait in different __syncthreads: " + source_line(kernel, first->pc) + " and " + here);
    const Instruction& i = kernel.program.code[fragment.pc];
    if (!has_vote(i)) return;
    const u32 holds = predicate_operand(warp, i, i.a) & fragment.lanes;
    votes.count += lane_count(holds);
    votes.any |= holds != 0;
    votes.all &= holds == fragment.lanes;
  });
  return votes;
}

void write_vote(Warp& warp, const Fragment& fragment, const Instruction& i, const Votes& votes) {
  set_mask(warp, fragment.lanes);
  const auto kind = static_cast<Barrier>(i.variant);
  if (kind == Barrier::kCount)
    write_lanes<u32>(warp, i.result, [=](u32) { return votes.count; });
  else
    write_predicate(warp, i.result, (kind == Barrier::kAnd ? votes.all : votes.any) ? ~0u : 0);
}

void open_barrier(ThreadBlock& block, u32 barrier) {
  const Votes votes = count_votes(block, barrier);
  for_each_waiting(block, barrier, [&](Warp& warp, Fragment& fragment) {
    const Instruction& i = block.run->kernel->program.code[fragment.pc];
    if (has_vote(i)) write_vote(warp, fragment, i, votes);
    fragment.state = Fragment::State::kRunning;
    fragment.pc++;
  });
  block.arrived[barrier] = 0;
  block.barriers++;
  if (monitor()) monitor()->block_sync(block.identity);
}

}  // namespace

bool arrive_at_barrier(Warp& warp, Fragment& fragment, const Instruction& i, u32 pc, u32 active) {
  ThreadBlock& block = *warp.block;
  const u32 barrier = static_cast<u32>(i.immediate);
  const u32 threads = i.b ? row<u32>(warp, i.b)[first_lane(active)] : 0;
  const bool waits = static_cast<Barrier>(i.variant) != Barrier::kArrive;
  if (waits && active != fragment.lanes)
    stop("barrier-divergence", "a barrier for some threads of a warp only, " + thread_at(warp, first_lane(active)));
  block.arrived[barrier] += lane_count(active);
  if (waits) {
    fragment.state = Fragment::State::kAtBarrier;
    fragment.barrier = barrier;
    fragment.barrier_threads = threads;
    fragment.pc = pc;
  }
  const bool complete = block.arrived[barrier] == (threads ? threads : block.alive);
  if (complete) open_barrier(block, barrier);
  return complete || !waits;
}

void open_barriers_after_exit(ThreadBlock& block) {
  for (u32 barrier = 0; barrier < std::size(block.arrived); ++barrier) {
    if (!block.arrived[barrier] || block.arrived[barrier] != block.alive) continue;
    bool of_number = false;  // waits for a number of threads, whoever they are
    for_each_waiting(block, barrier, [&](Warp&, Fragment& fragment) { of_number |= fragment.barrier_threads != 0; });
    if (!of_number) open_barrier(block, barrier);
  }
}

}  // namespace simulated_gpu::ptx
