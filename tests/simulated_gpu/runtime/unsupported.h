#pragma once

#include <string>

#include "runtime/errors.h"

// Included by the generated sources only.
inline void stop_unsupported_symbol(const char* name) {
  simulated_gpu::stop_unsupported(name);
}
