#pragma once

#include <string>

#include "ptx/program.h"

namespace simulated_gpu::ptx {

// Makes a variable at module scope from its declaration, zeroed.
void add_variable(Module&, const std::string& head);

// Gives it the values behind "=": numbers, and addresses of variables and functions, which must all be known by now.
void initialise_variable(const Module&, const std::string& head, const std::string& initialiser);

}  // namespace simulated_gpu::ptx
