#pragma once

#include <functional>
#include <ostream>
#include <string>

namespace simulated_gpu::test {

// A mistake that the checks must find, and the same code without it.
struct PlantedBug {
  std::string name;
  std::string kind;   // of the finding; "a|b" where it depends on the schedule
  std::string place;  // that the message must name: "planted_bugs_test.cu", or a buffer; empty: nothing
  std::function<void()> bug;
  std::function<bool()> twin;  // whether its result is right
};

inline std::ostream& operator<<(std::ostream& out, const PlantedBug& bug) {
  return out << bug.name;
}

// In three schedules: the bug is found with its kind, the twin is right and nothing is found.
void expect_found(const PlantedBug& bug);

}  // namespace simulated_gpu::test
