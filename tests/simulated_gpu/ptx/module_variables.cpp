#include "ptx/module_variables.h"

#include <cstring>
#include <stdexcept>

#include "execution/memory.h"
#include "ptx/declaration.h"
#include "ptx/text.h"

namespace simulated_gpu::ptx {
namespace {

// A number, or the address of a variable: "name", "generic(name)", with "+8" behind it. Functions have addresses too,
// to be compared; a call through one is not supported.
u64 initial_value(const Module& module, std::string text) {
  u64 number = 0;
  if (parse_number(text, number)) return number;
  u64 offset = 0;
  const size_t plus = text.rfind('+');
  if (plus != std::string::npos && parse_number(trimmed(std::string_view(text).substr(plus + 1)), offset))
    text = trimmed(std::string_view(text).substr(0, plus));
  if (text.starts_with("generic(")) text = text.substr(8, text.size() - 9);
  const auto function = module.functions.find(text);
  if (function != module.functions.end()) return reinterpret_cast<u64>(function->second.get());
  const auto variable = module.variables.find(text);
  if (variable == module.variables.end()) throw std::runtime_error("PTX: unknown initial value " + text);
  return reinterpret_cast<u64>(variable->second.memory) + offset;
}

}  // namespace

void add_variable(Module& module, const std::string& head) {
  const Declaration declared = parse_declaration(head);
  const auto is = [&](const char* word) { return head.find(word) != std::string::npos; };
  if (is(".shared")) {
    module.shared[declared.name] = {declared.bytes, declared.alignment};
    return;
  }
  if (!is(".global") && !is(".const")) throw std::runtime_error("PTX: unknown declaration " + head);
  if (is(".extern")) return;  // whoever uses it will be told that it is unknown
  auto* memory = static_cast<unsigned char*>(allocate_internal(declared.bytes));
  if (!memory) throw std::runtime_error("PTX: no device memory for " + declared.name);
  module.variables[declared.name] = {memory, declared.bytes};
}

void initialise_variable(const Module& module, const std::string& head, const std::string& initialiser) {
  const Declaration declared = parse_declaration(head);
  unsigned char* memory = module.variables.at(declared.name).memory;
  const u32 bytes = static_cast<u32>(module.variables.at(declared.name).bytes);
  std::string values = initialiser;
  for (char& c : values)
    if (c == '{' || c == '}') c = ' ';
  size_t offset = 0;
  for (const std::string& text : split(values, ',')) {
    const u64 value = initial_value(module, text);
    if (offset + declared.element_bytes > bytes) throw std::runtime_error("PTX: too many values in " + head);
    std::memcpy(memory + offset, &value, declared.element_bytes);
    offset += declared.element_bytes;
  }
}

}  // namespace simulated_gpu::ptx
