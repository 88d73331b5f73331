// Takes one instruction apart. A group of instructions registers a function for each opcode; the function asks the
// decoder for the modifiers that it knows and for the rows of its operands, and sets the handler.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ptx/program.h"
#include "ptx/symbols.h"

namespace simulated_gpu::ptx {

// What this interpreter cannot do, in words.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Decoder {
 public:
  // `text`: an instruction without guard and semicolon, kept by the caller as long as the module lives.
  Decoder(const std::string& text, const Module&, Symbols&);

  Instruction instruction;
  std::string label;  // of a branch, or of its table: the caller knows where it is

  // The opcode: its name, its modifiers and its types. Each is taken once; finish() refuses what nobody took, and
  // operands that nobody looked at, so that nothing is ever ignored by accident.
  const std::string& name() const { return name_; }
  bool take(std::string_view modifier);
  int take_any(std::initializer_list<std::string_view> modifiers);     // which comes first; -1: none is there
  int require_any(std::initializer_list<std::string_view> modifiers);  // the same, but one has to be
  void ignore(std::initializer_list<std::string_view> modifiers);      // these change nothing here
  std::string take_type();                                             // the next type word
  std::optional<std::string> take_optional_type();
  void finish() const;

  // Operands by number. Rows of registers, literals, symbols and special registers alike.
  size_t operands() const { return operands_.size(); }
  void ignore_operand(size_t i) const { operand(i); }
  const std::string& operand(size_t i) const;
  std::vector<std::string> operand_list(size_t i) const;  // of "{a, b}", or of a single one
  u32 result(size_t i) const;
  u32 source(size_t i, u8 lane_bytes);
  u32 predicate_source(size_t i);  // "!p" sets instruction.negated
  u64 literal(size_t i) const;
  void result_pair(size_t i);  // "d|p": result and second_result
  void memory(size_t i);       // "[a+4]": row a, immediate and space
  void vector(size_t i, u8 lane_bytes);
  u32 row_of(const std::string& operand, u8 lane_bytes) { return row_of(operand, lane_bytes, nullptr); }
  u32 row_of(const std::string& operand, u8 lane_bytes, u8* found_lane_bytes);
  u32 result_row(const std::string& operand, u8* found_lane_bytes = nullptr) const;

  void handler(Handler chosen);  // refuses null: no such variant of the opcode

  [[noreturn]] void fail(const std::string& what) const;

  const Module& module() const { return module_; }
  Symbols& symbols() { return symbols_; }

 private:
  struct Word {
    std::string text;
    bool taken = false;
  };
  const std::string& text_;
  const Module& module_;
  Symbols& symbols_;
  std::string name_;
  std::vector<Word> words_;
  std::vector<std::string> operands_;
  mutable std::vector<bool> used_;
};

inline u8 lane_bytes_of(std::string_view type) {
  const int bytes = type_bytes(type);
  return bytes == 8 ? 8 : bytes == 0 ? 0 : 4;
}

// The handler that `choose` has for the one of these types that is called `type`; null: none is.
template <class... T, class Choose>
Handler for_type(std::string_view type, TypeList<T...>, Choose choose) {
  Handler handler = nullptr;
  ((kTypeName<T> == type ? static_cast<void>(handler = choose(TypeTag<T>{})) : static_cast<void>(0)), ...);
  return handler;
}

using DecodeFunction = void (*)(Decoder&);
using DecodeTable = std::unordered_map<std::string, DecodeFunction>;
const DecodeTable& decode_table();

}  // namespace simulated_gpu::ptx
