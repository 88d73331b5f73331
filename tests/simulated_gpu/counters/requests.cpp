#include "counters/requests.h"

#include <algorithm>
#include <iterator>

namespace simulated_gpu {
namespace {

// Passes for the lanes from `first` to `last`: the largest number of different words of one bank.
uint64_t passes_of(const WarpAccess& access, uint32_t first, uint32_t last) {
  std::array<std::array<uint64_t, 4 * kWarpSize>, kBanks> words;  // by bank
  std::array<size_t, kBanks> count{};
  uint64_t most = 0;
  for (uint32_t lane = first; lane < last; ++lane) {
    if (!(access.lanes >> lane & 1)) continue;
    const uint64_t start = access.address[lane] / kBankBytes,
                   end = (access.address[lane] + access.bytes - 1) / kBankBytes;
    for (uint64_t word = start; word <= end; ++word) {
      const size_t bank = word % kBanks;
      const auto known = words[bank].begin() + ptrdiff_t(count[bank]);
      const bool shares = access.kind != WarpAccess::Kind::kAtomic;
      if (shares && std::find(words[bank].begin(), known, word) != known) continue;
      *known = word;
      most = std::max<uint64_t>(most, ++count[bank]);
    }
  }
  return most;
}

}  // namespace

Sectors sectors_of(const WarpAccess& access) {
  Sectors sectors;
  for (uint32_t lane = 0; lane < kWarpSize; ++lane) {
    if (!(access.lanes >> lane & 1)) continue;
    const uint64_t start = access.address[lane] / kSectorBytes;
    const uint64_t end = (access.address[lane] + access.bytes - 1) / kSectorBytes;
    for (uint64_t sector = start; sector <= end; ++sector) {
      const auto known = sectors.number.begin() + ptrdiff_t(sectors.count);
      // Neighbouring lanes mostly share: look at the latest first.
      if (std::find(std::make_reverse_iterator(known), sectors.number.rend(), sector) != sectors.number.rend())
        continue;
      *known = sector;
      ++sectors.count;
    }
  }
  return sectors;
}

SharedPasses shared_passes(const WarpAccess& access) {
  const uint32_t group = access.bytes <= 4 ? 32 : access.bytes == 8 ? 16 : 8;
  SharedPasses passes;
  for (uint32_t first = 0; first < kWarpSize; first += group) {
    const uint64_t needed = passes_of(access, first, first + group);
    passes.needed += needed;
    passes.least += needed > 0;
  }
  return passes;
}

}  // namespace simulated_gpu
