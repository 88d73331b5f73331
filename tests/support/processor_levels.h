#pragma once

#include <vector>

#include "kernels/support/processor_level.h"

namespace matinee::test {

// The levels that this processor can run, kBaseline first.
inline std::vector<ProcessorLevel> processor_levels() {
  std::vector<ProcessorLevel> levels = {ProcessorLevel::kBaseline};
  for (const ProcessorLevel level : {ProcessorLevel::kV3, ProcessorLevel::kV4}) {
    if (level <= processor_level()) levels.push_back(level);
  }
  return levels;
}

// While it lives, kernels run as on such a processor.
class LimitedLevel {
 public:
  explicit LimitedLevel(ProcessorLevel most) { limit_processor_level(most); }
  ~LimitedLevel() { limit_processor_level(ProcessorLevel::kV4); }
  LimitedLevel(const LimitedLevel&) = delete;
  LimitedLevel& operator=(const LimitedLevel&) = delete;
};

}  // namespace matinee::test
