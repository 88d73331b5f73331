#pragma once

#include <cstdint>
#include <vector>

#include "libraries/cudnn/descriptors.h"

namespace simulated_gpu::cudnn {

// What the states in device memory hold: they advance with every use.
struct DropoutStates {
  uint64_t mark, seed, uses;
};
constexpr size_t kDropoutStatesBytes = 4096;

// Takes the number of a use from the states and advances them. Inside work: states that nobody initialised, or with
// another seed, stop it.
uint64_t take_use(const cudnnDropoutStruct& dropout);

// 1: kept, each with probability 1 - rate; keyed by seed, use, layer and element.
std::vector<uint8_t> draw_mask(const cudnnDropoutStruct& dropout, uint64_t use, int layer, int64_t count);
// What kept values are multiplied by.
float kept_scale(float rate);

}  // namespace simulated_gpu::cudnn
