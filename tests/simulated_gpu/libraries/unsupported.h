#pragma once

#include <cstdio>
#include <cstdlib>

// What the generated functions for everything that a stand-in lacks do.
[[noreturn]] inline void stop_unsupported_symbol(const char* name) {
  std::fprintf(stderr, "simulated GPU: %s is not supported\n", name);
  std::fflush(nullptr);
  std::abort();
}
