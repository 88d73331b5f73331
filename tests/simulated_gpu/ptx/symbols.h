// What the names in a function or kernel stand for while it is decoded, and the frame that grows with them.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ptx/program.h"

namespace simulated_gpu::ptx {

struct Symbol {
  enum class Kind : u8 { kRegister, kKernelParameter, kCallParameter, kLocal };
  Kind kind = Kind::kRegister;
  u32 offset = 0;     // of the row, or in its space
  u8 lane_bytes = 8;  // of a register: 8, 4, or 0 for a predicate
  u32 bytes = 0;      // of a variable
};

// A name that stands for an address; `value` is relative to its space.
struct Address {
  u64 value;
  Space space;
};

class Symbols {
 public:
  Symbols(const Module&, Frame);

  void enter_scope() { scopes_.emplace_back(); }
  void leave_scope() { scopes_.pop_back(); }
  void declare(const std::string& name, Symbol symbol) { scopes_.back()[name] = symbol; }
  const Symbol* find(const std::string& name) const;

  void declare_register(const std::string& name, u8 lane_bytes);  // "%r1", or "%r<5>" for %r0 to %r4
  void declare_local(const std::string& name, u32 bytes, u32 alignment);
  void declare_call_parameter(const std::string& name, u32 bytes);
  u32 declare_shared(const std::string& name, u32 bytes, u32 alignment);  // its offset in the block's shared memory

  u32 constant(u8 lane_bytes, u64 value);  // row with this value in all lanes
  u32 special(const std::string& name);    // row of "%tid.x" and the like; 0: no such register
  u32 reserve_call_parameter(u32 bytes);   // its offset
  std::optional<Address> address_of(const std::string& name);

  const Frame& frame() const { return frame_; }

 private:
  u32 new_row(u8 lane_bytes);

  const Module& module_;
  Frame frame_;
  std::vector<std::unordered_map<std::string, Symbol>> scopes_;
  std::unordered_map<u64, u32> constants_[3];  // predicates, 4 bytes, 8 bytes
};

}  // namespace simulated_gpu::ptx
