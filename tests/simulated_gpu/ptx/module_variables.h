#pragma once

#include <string>

#include "ptx/program.h"

namespace simulated_gpu::ptx {

// Makes a variable at module scope. head: its declaration; initialiser: what stands behind "=", may be empty.
void add_variable(Module&, const std::string& head, const std::string& initialiser);

}  // namespace simulated_gpu::ptx
