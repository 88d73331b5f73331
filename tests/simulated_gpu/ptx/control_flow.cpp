// bra, brx, call, ret, exit, bar, barrier, bar.warp, nanosleep, trap: what they ask of the scheduler.
#include <string>

#include "execution/monitor.h"
#include "ptx/device_calls.h"
#include "ptx/groups.h"
#include "ptx/lanes.h"
#include "ptx/text.h"

namespace simulated_gpu::ptx {
namespace {

void decode_branch(Decoder& decoder) {
  decoder.ignore({"uni"});
  decoder.instruction.control = Control::kBranch;
  decoder.label = decoder.operand(0);
}

void decode_branch_table(Decoder& decoder) {
  decoder.require_any({"idx"});
  decoder.ignore({"uni"});
  decoder.instruction.control = Control::kBranchTable;
  decoder.instruction.a = decoder.source(0, 4);
  decoder.label = decoder.operand(1);
}

void decode_return(Decoder& decoder) {
  decoder.ignore({"uni"});
  decoder.instruction.control = Control::kReturn;
}
void decode_exit(Decoder& decoder) {
  decoder.instruction.control = Control::kExit;
}

void decode_sleep(Decoder& decoder) {
  decoder.take_type();
  decoder.ignore_operand(0);
  decoder.instruction.control = Control::kYield;
}

void decode_trap(Decoder& decoder) {
  decoder.handler(&device_trap);
}

std::vector<Range> call_parameters(Decoder& decoder, size_t operand) {
  std::vector<Range> ranges;
  for (const std::string& name : split_list(decoder.operand(operand))) {
    const Symbol* symbol = decoder.symbols().find(name);
    if (!symbol || symbol->kind != Symbol::Kind::kCallParameter) decoder.fail("unknown call parameter " + name);
    ranges.push_back({symbol->offset, symbol->bytes});
  }
  return ranges;
}

void decode_call(Decoder& decoder) {  // call (results), function, (arguments);
  Instruction& i = decoder.instruction;
  const Module& module = decoder.module();
  decoder.ignore({"uni"});
  Call call;
  size_t next = 0;
  if (decoder.operand(0)[0] == '(') call.results = call_parameters(decoder, next++);
  const std::string callee = decoder.operand(next++);
  if (next < decoder.operands()) call.arguments = call_parameters(decoder, next);
  if (callee == "vprintf")
    decoder.handler(&device_printf);
  else if (callee == "__assertfail")
    decoder.handler(&device_assert);
  else {
    const auto function = module.functions.find(callee);
    if (function == module.functions.end()) decoder.fail("call of unknown function " + callee);
    call.callee = function->second.get();
    i.control = Control::kCall;
  }
  module.calls.push_back(std::move(call));
  i.call = &module.calls.back();
}

void meet(Warp& warp, const Instruction&) {
  if (monitor()) monitor()->warp_sync(warp.block->identity, warp.index, warp.mask);
}

void decode_barrier(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  decoder.ignore({"cta", "aligned"});
  if (decoder.take("warp")) {
    decoder.require_any({"sync"});
    i.control = Control::kCollective;
    i.members = decoder.source(0, 4);
    return decoder.handler(&meet);
  }
  i.control = Control::kBarrier;
  Barrier kind = Barrier::kWait;
  const int variant = decoder.require_any({"sync", "arrive", "red"});
  if (variant == 1) kind = Barrier::kArrive;
  if (variant == 2) {
    constexpr Barrier kKinds[] = {Barrier::kCount, Barrier::kAnd, Barrier::kOr};
    kind = kKinds[decoder.require_any({"popc", "and", "or"})];
    decoder.take_type();
  }
  i.variant = static_cast<u8>(kind);
  size_t next = 0;
  if (variant == 2) i.result = decoder.result(next++);
  i.immediate = static_cast<s64>(decoder.literal(next++));
  if (i.immediate > 15) decoder.fail("no such barrier");
  const size_t predicates = variant == 2 ? 1 : 0;
  if (decoder.operands() - next > predicates) i.b = decoder.source(next++, 4);
  if (predicates) i.a = decoder.predicate_source(next);
}

}  // namespace

void add_control_flow(DecodeTable& table) {
  table["bra"] = &decode_branch;
  table["brx"] = &decode_branch_table;
  table["ret"] = &decode_return;
  table["exit"] = &decode_exit;
  table["call"] = &decode_call;
  table["nanosleep"] = &decode_sleep;
  table["trap"] = &decode_trap;
  table["bar"] = &decode_barrier;
  table["barrier"] = &decode_barrier;
}

}  // namespace simulated_gpu::ptx
