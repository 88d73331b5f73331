#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/control.h"

// The stand-in's own functions, for tests that run on it. They are looked up while the program runs: a test that
// includes this file links like any CUDA program.
namespace simulated_gpu::test {

enum class Order { kForward = 0, kReverse = 1, kRandom = 2 };

void set_schedule(Order order, uint64_t seed = 1);
void set_checks(bool on);
void set_counting(bool on);

// The oldest finding that was not taken, "race: ..."; empty: none. Mends the context.
std::string take_finding();
// "race" of "race: ...".
std::string kind_of(const std::string& finding);

std::vector<SimulatedGpuLaunch> counted_launches();

}  // namespace simulated_gpu::test
