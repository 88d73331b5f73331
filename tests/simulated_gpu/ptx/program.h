// A PTX module, decoded: what the parser makes and the warps run.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "execution/identity.h"
#include "ptx/number_types.h"
#include "ptx/ptx.h"

namespace simulated_gpu::ptx {

struct Warp;
struct Instruction;
struct Function;

// Carries out an instruction for the lanes in the warp's mask.
using Handler = void (*)(Warp&, const Instruction&);

// What an instruction asks of the scheduler besides its handler.
enum class Control : u8 {
  kNone,
  kBranch,       // to `target`
  kBranchTable,  // to targets[lane's index in row a]
  kExit,
  kReturn,      // from a function; from a kernel it exits
  kCall,        // `call`
  kBarrier,     // number `immediate`, kind `variant`
  kCollective,  // the lanes named in row `members` meet, then the handler runs
  kYield        // lets another warp or fragment on
};

enum class Barrier : u8 { kWait, kArrive, kCount, kAnd, kOr };

enum class Space : u8 { kGeneric, kGlobal, kShared, kLocal, kKernelParameter, kCallParameter };

struct Range {
  u32 offset, bytes;
};

struct Call {
  const Function* callee = nullptr;
  std::vector<Range> arguments, results;  // in the call parameters of each lane
};

// Operands are byte offsets of rows in the warp's register file (32 lanes of 4 or 8 bytes; predicates are one word of
// 32 bits). Offset 0 is no operand.
struct Instruction {
  Handler handler = nullptr;
  u32 guard = 0;  // predicate
  Control control = Control::kNone;
  bool guard_negated = false;
  bool negated = false;  // of the predicate operand
  u8 variant = 0;        // for the handler: which of its operations
  u32 result = 0, a = 0, b = 0, c = 0, d = 0, second_result = 0;
  s64 immediate = 0;
  u32 members = 0;
  u32 target = 0;

  Space space = Space::kGeneric;
  u8 lane_bytes = 4;          // of a vector operand's or a converted result's rows
  u8 address_lane_bytes = 8;  // of row a
  u8 elements = 1;            // of a vector operand
  u8 element_bytes = 4;
  bool strong = false;   // .volatile, .relaxed, .acquire, .release, and atomics
  bool release = false;  // .release, .acq_rel
  u32 parts[8] = {};     // rows of a vector operand

  Handler inner = nullptr, after = nullptr;  // float_modes.h
  int rounding = 0;

  const std::vector<u32>* rows = nullptr;  // more operands (matrices), or the targets of a branch table
  const Call* call = nullptr;
  const std::string* text = nullptr;
  u32 location = 0;
};

struct Location {
  u32 file = 0, line = 0;
  u32 caller_file = 0, caller_line = 0;  // where it was inlined
};

struct Function {
  std::string name;
  std::vector<Range> parameters, results;  // in the call parameters of each lane
  u32 begin = 0;                           // first instruction
  bool defined = false;
};

enum class SpecialRegister : u8;
struct SpecialRow {
  SpecialRegister special;
  u32 row;
};

// What a warp needs to run some code, and where in it things lie.
struct Frame {
  std::vector<unsigned char> rows;  // the register file as it is at first: constants filled in
  std::vector<SpecialRow> special;
  std::vector<SharedVariable> shared;  // 0 bytes: the dynamic one
  u32 static_shared = 0;               // bytes that a GPU would need
  u32 local_bytes = 0;                 // of a lane
  u32 call_parameter_bytes = 0;        // of a lane
  int registers = 0;
};

struct Program {
  std::vector<Instruction> code;
  std::vector<Location> locations{Location{}};
};

struct Kernel {
  std::string name;
  const Module* module = nullptr;
  Program program;  // starts with the module's functions
  Frame frame;
  u32 begin = 0;
  std::vector<Param> parameters;
  size_t parameter_bytes = 0;
  size_t max_threads = 1024;
};

struct Variable {
  unsigned char* memory = nullptr;
  size_t bytes = 0;
};
struct SharedDeclaration {
  u32 bytes, alignment;  // 0 bytes: dynamic
};

// Kernels are decoded when they are asked for: a binary with Thrust in it has many that never run.
struct Module {
  Module() = default;
  Module(const Module&) = delete;
  ~Module();

  struct Entry {
    std::string head;
    size_t body = 0;  // offset in text, behind the brace
    std::unique_ptr<Kernel> kernel;
  };
  std::string text;
  std::map<u32, std::string> files;
  std::map<std::string, Variable> variables;  // .global and .const
  std::map<std::string, SharedDeclaration> shared;
  std::map<std::string, std::unique_ptr<Function>> functions;
  Program functions_program;
  Frame functions_frame;
  mutable std::mutex decoding;  // of what follows
  mutable std::map<std::string, Entry> entries;
  mutable std::deque<std::string> texts;
  mutable std::deque<std::vector<u32>> row_lists;
  mutable std::deque<Call> calls;
};

// Where the variables of a block lie in its slot of shared memory; the gaps between them catch small overruns.
constexpr u32 kStaticShared = 128, kSharedGap = 128, kDynamicShared = 64 * 1024;

// "file.cu:12" of an instruction, "header.cuh:3 (inlined at file.cu:12)" of an inlined one.
std::string source_line(const Kernel&, u32 pc);

}  // namespace simulated_gpu::ptx
