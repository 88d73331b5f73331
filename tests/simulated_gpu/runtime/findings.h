#pragma once

#include <string>

namespace simulated_gpu {

// A mistake of the program. It is printed to stderr at once and kept; a process that ends with findings that nobody
// took ends with kFindingsExit, even if it ignores CUDA errors.
constexpr int kFindingsExit = 86;

void add_finding(const std::string& kind, const std::string& text);

// The oldest one not yet taken; empty: none. Taking one mends the context, so that a test goes on.
std::string take_finding();

bool has_findings();

}  // namespace simulated_gpu
