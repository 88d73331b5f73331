#pragma once

#include <string>

namespace simulated_gpu {

// PTX in a fat binary, the container that nvcc embeds in host objects.
struct PtxImage {
  int architecture = 0;  // 80 for compute_80; 0: no suitable PTX
  std::string text;
  std::string problem;  // why there is no text
};

// The newest PTX for at most this architecture.
PtxImage find_ptx(const void* fat_binary, int architecture);

}  // namespace simulated_gpu
