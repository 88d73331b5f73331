#include "kernels/support/processor_level.h"

#include <algorithm>
#include <atomic>

#include "kernels/support/multiversion.h"

namespace matinee {
namespace {

std::atomic<ProcessorLevel> limit = ProcessorLevel::kV4;

ProcessorLevel found_level() {
#ifdef MATINEE_LEVELS
  if (__builtin_cpu_supports("x86-64-v4")) return ProcessorLevel::kV4;
  if (__builtin_cpu_supports("x86-64-v3")) return ProcessorLevel::kV3;
#endif
  return ProcessorLevel::kBaseline;
}

}  // namespace

ProcessorLevel processor_level() {
  static const ProcessorLevel found = found_level();
  return std::min(found, limit.load(std::memory_order_relaxed));
}

void limit_processor_level(ProcessorLevel most) {
  limit.store(most, std::memory_order_relaxed);
}

}  // namespace matinee
