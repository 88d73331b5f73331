#pragma once

#include <cstddef>

namespace simulated_gpu {

// Limits that compute capabilities 8.0 and 9.0 share (CUDA programming guide, table of technical specifications).
constexpr int kMaxThreadsPerBlock = 1024, kMaxBlockZ = 64;
constexpr int kMaxGridX = 0x7fffffff, kMaxGridYZ = 65535;
constexpr int kMaxThreadsPerMultiprocessor = 2048, kMaxBlocksPerMultiprocessor = 32;
constexpr size_t kSharedWithoutOptin = size_t{48} * 1024;

}  // namespace simulated_gpu
