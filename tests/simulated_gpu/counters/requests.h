#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "execution/monitor.h"

namespace simulated_gpu {

constexpr uint32_t kSectorBytes = 32;
constexpr uint32_t kBanks = 32, kBankBytes = 4;

// The sectors that a request of a warp to global memory moves, each once; counted from address 0.
struct Sectors {
  std::array<uint64_t, 2 * kWarpSize> number;
  size_t count = 0;
};
Sectors sectors_of(const WarpAccess& access);

// How often a request to shared memory goes through the banks. 8- and 16-byte accesses go through by halves and
// quarters of the warp; lanes that read one word share it, lanes that update one word do not.
struct SharedPasses {
  uint64_t needed = 0, least = 0;  // least: without bank conflicts
};
SharedPasses shared_passes(const WarpAccess& access);

}  // namespace simulated_gpu
