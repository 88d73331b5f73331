#pragma once

#include <memory>
#include <string>

#include "ptx/program.h"

namespace simulated_gpu::ptx {

// Takes a module apart: variables are made, functions decoded, kernels noted. Throws std::runtime_error.
void parse_module(Module&);

// The kernel of an entry of the module.
std::unique_ptr<Kernel> parse_kernel(const Module&, const std::string& name, const Module::Entry&);

}  // namespace simulated_gpu::ptx
