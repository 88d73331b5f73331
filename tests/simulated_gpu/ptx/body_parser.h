// The statements of a function or kernel: declarations, labels and instructions.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "ptx/program.h"
#include "ptx/symbols.h"
#include "ptx/text.h"

namespace simulated_gpu::ptx {

class BodyParser {
 public:
  // Appends to the program.
  BodyParser(const Module& module, Symbols& symbols, Program& program)
      : module_(module), symbols_(symbols), program_(program) {}

  // From behind the opening brace to behind the closing one.
  void parse(size_t position);

 private:
  struct Reference {  // an instruction that jumps to a label, or into a table of them
    size_t instruction;
    std::string label;
  };
  struct Scope {  // labels are seen within their braces
    std::unordered_map<std::string, u32> labels;
    std::unordered_map<std::string, std::vector<std::string>> tables;
    std::vector<Reference> references;
  };

  void open_scope();
  void close_scope();
  void location(const std::string& line);
  void label(const std::string& name, Cursor&);
  void directive(const std::string& text);
  void instruction(const std::string& text);
  void registers(std::string_view declarations);
  bool resolve(const Scope&, const Reference&);

  const Module& module_;
  Symbols& symbols_;
  Program& program_;
  std::vector<Scope> scopes_;
  u32 location_ = 0;
};

}  // namespace simulated_gpu::ptx
