#pragma once

#include <climits>
#include <cstdint>
#include <string>

#include "kernels/support/error.h"

namespace matinee {

// A size as CUDA's libraries take it. Error(kConfig) naming `what` where it is too large for them.
inline int library_int(int64_t size, const char* what) {
  if (size > INT_MAX) fail(ErrorKind::kConfig, std::string(what) + ": " + std::to_string(size) + " is too large");
  return static_cast<int>(size);
}

}  // namespace matinee
