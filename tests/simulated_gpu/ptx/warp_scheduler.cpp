// Divergence: a warp is a set of fragments. The one with the lowest program counter runs, up to the place of another,
// where they merge: compilers lay code out so that branches meet again further down. With one fragment this is plain
// SIMT.
#include "ptx/warp_scheduler.h"

#include <algorithm>
#include <map>

#include "execution/schedule.h"
#include "ptx/barriers.h"
#include "ptx/lanes.h"

namespace simulated_gpu::ptx {
namespace {

using State = Fragment::State;

constexpr u32 kChooseAgain = ~0u;  // in place of a program counter: the fragments have changed

class WarpRunner {
 public:
  WarpRunner(Warp& warp, int quantum, Random& random)
      : warp_(warp), code_(warp.block->run->kernel->program.code.data()), left_(quantum), random_(random) {}

  bool run();

 private:
  void merge();
  size_t choose();
  u32 limit_of(size_t chosen) const;
  void run_fragment(size_t chosen);
  // Each returns where the fragment goes on, or kChooseAgain.
  u32 control(size_t chosen, const Instruction&, u32 pc, u32 active);
  u32 branch(size_t chosen, const Instruction&, u32 pc, u32 active);
  u32 branch_table(size_t chosen, const Instruction&, u32 pc, u32 active);
  u32 exit(size_t chosen, u32 pc, u32 active);
  u32 call(size_t chosen, const Instruction&, u32 pc, u32 active);
  u32 come_back(size_t chosen, u32 pc, u32 active);
  u32 barrier(size_t chosen, const Instruction&, u32 pc, u32 active);
  u32 collective(size_t chosen, const Instruction&, u32 pc, u32 active);
  u32 split(size_t chosen, u32 lanes, u32 lanes_pc, u32 others_pc, State);

  Warp& warp_;
  const Instruction* code_;
  int left_;
  Random& random_;
};

bool WarpRunner::run() {
  bool any = false;
  while (left_ > 0 && !warp_.fragments.empty()) {
    if (warp_.fragments.size() > 1) merge();
    const size_t chosen = choose();
    if (chosen == warp_.fragments.size()) break;
    any = true;
    warp_.yield = false;
    run_fragment(chosen);
    if (warp_.yield) break;
  }
  return any;
}

void WarpRunner::merge() {
  std::vector<Fragment>& fragments = warp_.fragments;
  for (size_t a = 0; a < fragments.size(); ++a)
    for (size_t b = a + 1; b < fragments.size();) {
      Fragment &one = fragments[a], &other = fragments[b];
      if (one.pc != other.pc || one.state == State::kAtBarrier || other.state == State::kAtBarrier ||
          one.calls != other.calls) {
        ++b;
        continue;
      }
      one.lanes |= other.lanes;
      one.state = State::kRunning;
      fragments.erase(fragments.begin() + static_cast<ptrdiff_t>(b));
    }
}

size_t WarpRunner::choose() {
  const std::vector<Fragment>& fragments = warp_.fragments;
  size_t lowest = fragments.size();
  for (size_t k = 0; k < fragments.size(); ++k)
    if (fragments[k].state == State::kRunning && (lowest == fragments.size() || fragments[k].pc < fragments[lowest].pc))
      lowest = k;
  if (warp_.yield && fragments.size() > 1 && lowest != fragments.size()) {  // lanes may spin: let the others on
    const size_t other = random_.below(fragments.size());
    if (fragments[other].state == State::kRunning) return other;
  }
  return lowest;
}

u32 WarpRunner::limit_of(size_t chosen) const {
  u32 limit = ~0u;
  for (const Fragment& other : warp_.fragments)
    if (other.pc > warp_.fragments[chosen].pc) limit = std::min(limit, other.pc);
  return limit;
}

void WarpRunner::run_fragment(size_t chosen) {
  const u32 limit = limit_of(chosen), lanes = warp_.fragments[chosen].lanes;
  u32 pc = warp_.fragments[chosen].pc;
  const int before = left_;
  while (left_ > 0 && pc < limit && !warp_.yield) {
    const Instruction& i = code_[pc];
    --left_;
    u32 active = lanes;
    if (i.guard) {
      const u32 holds = predicate(warp_, i.guard);
      active &= i.guard_negated ? ~holds : holds;
      if (!active && i.control != Control::kBranch) {
        ++pc;
        continue;
      }
    }
    warp_.pc = pc;
    if (i.control == Control::kNone) {
      set_mask(warp_, active);
      i.handler(warp_, i);
      ++pc;
      continue;
    }
    pc = control(chosen, i, pc, active);
    if (pc == kChooseAgain) break;
  }
  const u64 done = static_cast<u64>(before - left_);
  warp_.counts.warp_instructions += done;
  warp_.counts.thread_instructions += done * lane_count(lanes);
  if (pc != kChooseAgain) warp_.fragments[chosen].pc = pc;
  warp_.apart = warp_.fragments.size() > 1 ? warp_.apart + done : 0;
  if (left_ > 0 || warp_.apart < static_cast<u64>(schedule().quantum)) return;
  warp_.yield = true;  // a whole quantum: a random order's turns may be of one instruction, and lanes meet soon
  warp_.apart = 0;
}

u32 WarpRunner::control(size_t chosen, const Instruction& i, u32 pc, u32 active) {
  switch (i.control) {
    case Control::kNone:
      break;
    case Control::kBranch:
      return branch(chosen, i, pc, active);
    case Control::kBranchTable:
      return branch_table(chosen, i, pc, active);
    case Control::kExit:
      return exit(chosen, pc, active);
    case Control::kReturn:
      return warp_.fragments[chosen].calls.empty() ? exit(chosen, pc, active) : come_back(chosen, pc, active);
    case Control::kCall:
      return call(chosen, i, pc, active);
    case Control::kBarrier:
      return barrier(chosen, i, pc, active);
    case Control::kCollective:
      return collective(chosen, i, pc, active);
    case Control::kYield:
      warp_.yield = true;
      break;
  }
  return pc + 1;
}

// Some lanes of a fragment become one of their own.
u32 WarpRunner::split(size_t chosen, u32 lanes, u32 lanes_pc, u32 others_pc, State state) {
  Fragment& fragment = warp_.fragments[chosen];
  Fragment part = fragment;
  part.lanes = lanes;
  part.pc = lanes_pc;
  part.state = state;
  fragment.lanes &= ~lanes;
  fragment.pc = others_pc;
  warp_.fragments.push_back(std::move(part));
  return kChooseAgain;
}

u32 WarpRunner::branch(size_t chosen, const Instruction& i, u32 pc, u32 active) {
  warp_.counts.branches++;
  if (!active) return pc + 1;
  if (active == warp_.fragments[chosen].lanes) return i.target;
  warp_.counts.divergent_branches++;
  return split(chosen, active, i.target, pc + 1, State::kRunning);
}

u32 WarpRunner::branch_table(size_t chosen, const Instruction& i, u32 pc, u32 active) {
  const u32* index = row<u32>(warp_, i.a);
  std::map<u32, u32> lanes_at;
  for_each_lane(active, [&](u32 lane) {
    if (index[lane] >= i.rows->size()) stop("branch-table", "index beyond the table, " + thread_at(warp_, lane));
    lanes_at[(*i.rows)[index[lane]]] |= 1u << lane;
  });
  warp_.counts.branches++;
  if (lanes_at.size() == 1 && active == warp_.fragments[chosen].lanes) return lanes_at.begin()->first;
  warp_.counts.divergent_branches++;
  for (const auto& [target, lanes] : lanes_at) {
    if (lanes == warp_.fragments[chosen].lanes)
      warp_.fragments[chosen].pc = target;  // the last ones
    else
      split(chosen, lanes, target, pc + 1, State::kRunning);
  }
  return kChooseAgain;
}

u32 WarpRunner::exit(size_t chosen, u32 pc, u32 active) {
  std::vector<Fragment>& fragments = warp_.fragments;
  warp_.live &= ~active;
  warp_.block->alive -= lane_count(active);
  for (Fragment& fragment : fragments)  // who waits for them need not any more
    if (fragment.state == State::kAtCollective) fragment.state = State::kRunning;
  fragments[chosen].lanes &= ~active;
  fragments[chosen].pc = pc + 1;
  if (!fragments[chosen].lanes) fragments.erase(fragments.begin() + static_cast<ptrdiff_t>(chosen));
  return kChooseAgain;
}

void copy_call_parameters(Warp& warp, u32 lanes, const std::vector<Range>& to, const std::vector<Range>& from) {
  for_each_lane(lanes, [&](u32 lane) {
    unsigned char* own = warp.call_parameters + lane * warp.call_parameter_bytes;
    for (size_t k = 0; k < std::min(to.size(), from.size()); ++k)
      std::copy_n(own + from[k].offset, std::min(to[k].bytes, from[k].bytes), own + to[k].offset);
  });
}

// Functions have registers and parameters of their own, one set for each function: they cannot call themselves.
u32 WarpRunner::call(size_t chosen, const Instruction& i, u32 pc, u32 active) {
  Fragment& fragment = warp_.fragments[chosen];
  if (active != fragment.lanes) return split(chosen, active, pc, pc + 1, State::kRunning);
  const Function& callee = *i.call->callee;
  if (!callee.defined) stop("unsupported", "call of " + callee.name + ", " + thread_at(warp_, first_lane(active)));
  for (const u32 caller : fragment.calls)
    if (code_[caller].call->callee == &callee)
      stop("unsupported", "recursion of " + callee.name + ", " + thread_at(warp_, first_lane(active)));
  copy_call_parameters(warp_, active, callee.parameters, i.call->arguments);
  fragment.calls.push_back(pc);
  fragment.pc = callee.begin;
  return kChooseAgain;
}

u32 WarpRunner::come_back(size_t chosen, u32 pc, u32 active) {
  Fragment& fragment = warp_.fragments[chosen];
  if (active != fragment.lanes) return split(chosen, active, pc, pc + 1, State::kRunning);
  const u32 caller = fragment.calls.back();
  fragment.calls.pop_back();
  const Call& call = *code_[caller].call;
  copy_call_parameters(warp_, active, call.results, call.callee->results);
  fragment.pc = caller + 1;
  return kChooseAgain;
}

u32 WarpRunner::barrier(size_t chosen, const Instruction& i, u32 pc, u32 active) {
  return arrive_at_barrier(warp_, warp_.fragments[chosen], i, pc, active) ? pc + 1 : kChooseAgain;
}

// The lanes here may belong to several groups (tiles), each with its members. Complete groups do it, the others wait.
u32 WarpRunner::collective(size_t chosen, const Instruction& i, u32 pc, u32 active) {
  const u32* members = row<u32>(warp_, i.members);
  u32 waiting = 0;
  for (u32 rest = active; rest;) {
    const u32 first = first_lane(rest), wanted = members[first] & warp_.live, group = members[first] & rest;
    if (!(group >> first & 1)) stop("warp-mask", thread_at(warp_, first) + " is not in its own mask");
    for_each_lane(group, [&](u32 lane) {
      if ((members[lane] & warp_.live) != wanted)
        stop("warp-mask", thread_at(warp_, lane) + " disagrees about the mask");
    });
    rest &= ~group;
    if (wanted & ~group) {
      waiting |= group;
      continue;
    }
    set_mask(warp_, group);
    i.handler(warp_, i);
  }
  if (!waiting) return pc + 1;
  if (waiting != warp_.fragments[chosen].lanes) return split(chosen, waiting, pc, pc + 1, State::kAtCollective);
  warp_.fragments[chosen].state = State::kAtCollective;
  warp_.fragments[chosen].pc = pc;
  return kChooseAgain;
}

}  // namespace

bool run_warp(Warp& warp, int quantum, Random& random) {
  return WarpRunner(warp, quantum, random).run();
}

}  // namespace simulated_gpu::ptx
