#include "ptx/module_parser.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "ptx/body_parser.h"
#include "ptx/declaration.h"
#include "ptx/module_variables.h"
#include "ptx/text.h"

namespace simulated_gpu::ptx {
namespace {

// A declaration up to its body, initialiser or semicolon.
std::string read_head(Cursor& cursor) {
  std::string head;
  for (;;) {
    cursor.skip_space();
    if (cursor.at_end()) throw std::runtime_error("PTX: a declaration without end");
    const std::string words = cursor.until("\n;{=/");
    head += words + " ";
    if (cursor.peek() == '/' && cursor.peek(1) != '/' && cursor.peek(1) != '*') {
      head += '/';
      cursor.skip(1);
    }
    if (cursor.peek() == ';' || cursor.peek() == '{' || cursor.peek() == '=') return head;
  }
}

// "(results) name (parameters)", as it stands behind .func or .entry.
struct Signature {
  std::string name;
  std::vector<Declaration> results, parameters;
};

std::vector<Declaration> read_list(Cursor& cursor) {
  std::vector<Declaration> declarations;
  cursor.skip(1);
  for (const std::string& one : split(cursor.until(")"), ',')) declarations.push_back(parse_declaration(one));
  cursor.skip(1);
  cursor.skip_space();
  return declarations;
}

Signature read_signature(const std::string& head, std::string_view keyword) {
  Signature signature;
  Cursor cursor(head, head.find(keyword) + keyword.size());
  cursor.skip_space();
  if (cursor.peek() == '(') signature.results = read_list(cursor);
  signature.name = cursor.identifier();
  cursor.skip_space();
  if (cursor.peek() == '(') signature.parameters = read_list(cursor);
  return signature;
}

struct FunctionText {
  Signature signature;
  size_t body;  // 0: declared only
};

class ModuleParser {
 public:
  explicit ModuleParser(Module& module) : module_(module) {}

  void parse() {
    Cursor cursor(module_.text);
    for (cursor.skip_space(); !cursor.at_end(); cursor.skip_space()) statement(cursor);
    Symbols symbols(module_, {});
    for (const FunctionText& text : functions_) declare(symbols, text.signature);
    for (const auto& [head, initialiser] : initialisers_) initialise_variable(module_, head, initialiser);
    for (const FunctionText& text : functions_)
      if (text.body) define(symbols, text);
    module_.functions_frame = symbols.frame();
  }

 private:
  void statement(Cursor& cursor) {
    for (const char* header : {".version", ".target", ".address_size"})
      if (cursor.starts_with(header)) {
        cursor.line();
        return;
      }
    if (cursor.starts_with(".file")) return file(cursor.line());
    if (cursor.starts_with(".section")) {
      cursor.until("{");
      return cursor.skip_block();
    }
    const std::string head = read_head(cursor);
    const bool has_body = cursor.peek() == '{';
    const size_t body = has_body ? cursor.position() + 1 : 0;
    std::string initialiser;
    if (has_body)
      cursor.skip_block();
    else {
      if (cursor.peek() == '=') initialiser = cursor.until(";").substr(1);
      cursor.skip(1);
    }
    if (head.find(".entry") != std::string::npos) {
      if (has_body) module_.entries[read_signature(head, ".entry").name] = {head, body, nullptr};
    } else if (head.find(".func") != std::string::npos) {
      functions_.push_back({read_signature(head, ".func"), body});
    } else {
      add_variable(module_, head);
      if (!initialiser.empty()) initialisers_.emplace_back(head, initialiser);
    }
  }

  void file(const std::string& line) {
    u32 number = 0;
    char name[4096];
    if (std::sscanf(line.c_str(), ".file %u \"%4095[^\"]\"", &number, name) == 2) module_.files[number] = name;
  }

  void declare(Symbols& symbols, const Signature& signature) {
    std::unique_ptr<Function>& function = module_.functions[signature.name];
    if (function) return;
    function = std::make_unique<Function>();
    function->name = signature.name;
    for (const Declaration& result : signature.results)
      function->results.push_back({symbols.reserve_call_parameter(result.bytes), result.bytes});
    for (const Declaration& parameter : signature.parameters)
      function->parameters.push_back({symbols.reserve_call_parameter(parameter.bytes), parameter.bytes});
  }

  void define(Symbols& symbols, const FunctionText& text) {
    Function& function = *module_.functions.at(text.signature.name);
    Program& program = module_.functions_program;
    function.begin = static_cast<u32>(program.code.size());
    function.defined = true;
    symbols.enter_scope();
    const auto name_them = [&](const std::vector<Declaration>& declared, const std::vector<Range>& ranges) {
      for (size_t i = 0; i < declared.size(); ++i)
        symbols.declare(declared[i].name, {Symbol::Kind::kCallParameter, ranges[i].offset, 8, ranges[i].bytes});
    };
    name_them(text.signature.results, function.results);
    name_them(text.signature.parameters, function.parameters);
    BodyParser(module_, symbols, program).parse(text.body);
    symbols.leave_scope();
    program.code.emplace_back().control = Control::kReturn;
  }

  Module& module_;
  std::vector<FunctionText> functions_;
  std::vector<std::pair<std::string, std::string>> initialisers_;  // of the variables with these heads
};

// Threads of .maxntid or .reqntid.
size_t thread_limit(const std::string& head) {
  for (const char* directive : {".maxntid", ".reqntid"}) {
    const size_t found = head.find(directive);
    if (found == std::string::npos) continue;
    const size_t begin = found + std::string_view(directive).size(), end = head.find('.', begin);
    size_t threads = 1;
    for (const std::string& extent : split(std::string_view(head).substr(begin, end - begin), ','))
      threads *= static_cast<size_t>(std::max(1ull, std::strtoull(extent.c_str(), nullptr, 10)));
    return threads;
  }
  return 1024;
}

}  // namespace

void parse_module(Module& module) {
  ModuleParser(module).parse();
}

std::unique_ptr<Kernel> parse_kernel(const Module& module, const std::string& name, const Module::Entry& entry) {
  auto kernel = std::make_unique<Kernel>();
  kernel->name = name;
  kernel->module = &module;
  kernel->program = module.functions_program;
  kernel->begin = static_cast<u32>(kernel->program.code.size());
  kernel->max_threads = thread_limit(entry.head);
  Symbols symbols(module, module.functions_frame);
  for (const Declaration& parameter : read_signature(entry.head, ".entry").parameters) {
    const size_t offset =
        (kernel->parameter_bytes + parameter.alignment - 1) / parameter.alignment * parameter.alignment;
    symbols.declare(parameter.name, {Symbol::Kind::kKernelParameter, static_cast<u32>(offset), 8, parameter.bytes});
    kernel->parameters.push_back({offset, parameter.bytes});
    kernel->parameter_bytes = offset + parameter.bytes;
  }
  BodyParser(module, symbols, kernel->program).parse(entry.body);
  kernel->program.code.emplace_back().control = Control::kExit;
  kernel->frame = symbols.frame();
  return kernel;
}

}  // namespace simulated_gpu::ptx
