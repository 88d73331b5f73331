// The interface to modules; launch() is in launch.cpp.
#include <algorithm>

#include "execution/memory.h"
#include "ptx/module_parser.h"
#include "ptx/program.h"

namespace simulated_gpu::ptx {

Module::~Module() {
  for (const auto& [name, variable] : variables) free_internal(variable.memory);
}

std::shared_ptr<Module> load(const std::string& text) {
  auto module = std::make_shared<Module>();
  module->text = text;
  parse_module(*module);
  return module;
}

const Kernel* find(const Module& module, const std::string& mangled_name) {
  const std::lock_guard<std::mutex> lock(module.decoding);
  const auto entry = module.entries.find(mangled_name);
  if (entry == module.entries.end()) return nullptr;
  std::unique_ptr<Kernel>& kernel = entry->second.kernel;
  if (!kernel) kernel = parse_kernel(module, mangled_name, entry->second);
  return kernel.get();
}

void* symbol(const Module& module, const std::string& mangled_name, size_t* bytes) {
  const auto variable = module.variables.find(mangled_name);
  if (variable == module.variables.end()) return nullptr;
  if (bytes) *bytes = variable->second.bytes;
  return variable->second.memory;
}

Attributes attributes(const Kernel& kernel) {
  size_t constant_bytes = 0;
  return {kernel.frame.static_shared, static_cast<int>(kernel.max_threads), std::min(kernel.frame.registers, 255),
          kernel.frame.local_bytes, constant_bytes};
}

const std::vector<Param>& params(const Kernel& kernel) {
  return kernel.parameters;
}

std::string source_line(const Kernel& kernel, u32 pc) {
  if (pc >= kernel.program.code.size()) return "?";
  const Location& location = kernel.program.locations[kernel.program.code[pc].location];
  const auto name_of = [&](u32 file, u32 line) {
    const auto found = kernel.module->files.find(file);
    const std::string path = found == kernel.module->files.end() ? "ptx" : found->second;
    return path.substr(path.rfind('/') + 1) + ":" + std::to_string(line);
  };
  std::string found = name_of(location.file, location.line);
  if (location.caller_line) found += " (inlined at " + name_of(location.caller_file, location.caller_line) + ")";
  return found;
}

}  // namespace simulated_gpu::ptx
