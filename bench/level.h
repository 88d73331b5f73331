#pragma once

#include <string_view>

#include "kernels/support/error.h"
#include "kernels/support/processor_level.h"

namespace matinee::bench {

// Runs kernels as on such a processor: "baseline", "v3" (AVX2) or "v4" (AVX-512).
inline void limit_level(std::string_view name) {
  if (name == "baseline") return limit_processor_level(ProcessorLevel::kBaseline);
  if (name == "v3") return limit_processor_level(ProcessorLevel::kV3);
  if (name != "v4") fail(ErrorKind::kConfig, "\"{}\" is no level: baseline, v3 or v4", name);
}

}  // namespace matinee::bench
