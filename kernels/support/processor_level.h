#pragma once

namespace matinee {

// What kernels that are compiled several times choose between when they run; they give the same bits with each.
// kV3 is x86-64-v3, with AVX2, FMA and F16C; kV4 is x86-64-v4, with the 512-bit registers of AVX-512.
enum class ProcessorLevel { kBaseline, kV3, kV4 };

// Of this processor, unless limited.
ProcessorLevel processor_level();

// From now on at most this, in all threads: for tests that compare.
void limit_processor_level(ProcessorLevel most);

// The one of three functions that this processor should run.
template <typename Function>
Function* by_level(Function* v4, Function* v3, Function* baseline) {
  const ProcessorLevel level = processor_level();
  return level == ProcessorLevel::kV4 ? v4 : level == ProcessorLevel::kV3 ? v3 : baseline;
}

}  // namespace matinee
