#pragma once

#include <cstdint>

#include "kernels/support/host_device.h"

namespace matinee {

// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
// Keyed by (seed, stream, index), never by thread or grid: the same draw on every device and for every thread count.
class Philox {
 public:
  struct Block {
    uint32_t words[4];

    MATINEE_HOST_DEVICE constexpr uint32_t operator[](int word) const { return words[word]; }
    bool operator==(const Block&) const = default;
  };

  // `stream` names what is drawn (an epoch, a matrix); draws of two streams of one seed are independent.
  MATINEE_HOST_DEVICE constexpr Philox(uint64_t seed, uint64_t stream) : seed_(seed), stream_(stream) {}

  // The four 32-bit words number `index` of the stream.
  MATINEE_HOST_DEVICE constexpr Block block(uint64_t index) const {
    Block counter = {{static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32), static_cast<uint32_t>(stream_),
                      static_cast<uint32_t>(stream_ >> 32)}};
    uint32_t key0 = static_cast<uint32_t>(seed_), key1 = static_cast<uint32_t>(seed_ >> 32);
    for (int round = 0; round < 10; ++round) {
      const uint64_t product0 = uint64_t{0xD2511F53} * counter[0];
      const uint64_t product1 = uint64_t{0xCD9E8D57} * counter[2];
      counter = {{static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(product1),
                  static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(product0)}};
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    return counter;
  }

  // 64 random bits.
  MATINEE_HOST_DEVICE constexpr uint64_t bits(uint64_t index) const {
    const Block words = block(index);
    return words[0] | uint64_t{words[1]} << 32;
  }

  // Uniform in [0, 1), on a grid of 2^-53.
  MATINEE_HOST_DEVICE constexpr double uniform(uint64_t index) const {
    return static_cast<double>(bits(index) >> 11) * 0x1.0p-53;
  }

  // Uniform integer in 0 .. bound-1, by multiply-shift: the bias is below bound / 2^64.
  MATINEE_HOST_DEVICE constexpr uint64_t below(uint64_t index, uint64_t bound) const {
    const uint64_t draw = bits(index);
    // high 64 bits of draw × bound, from 32-bit halves: the same code on host and device
    const uint64_t low = (draw & 0xffffffff) * (bound & 0xffffffff);
    const uint64_t middle0 = (draw >> 32) * (bound & 0xffffffff) + (low >> 32);
    const uint64_t middle1 = (draw & 0xffffffff) * (bound >> 32) + (middle0 & 0xffffffff);
    return (draw >> 32) * (bound >> 32) + (middle0 >> 32) + (middle1 >> 32);
  }

 private:
  uint64_t seed_;
  uint64_t stream_;
};

// Standard normal draw number `index` (Box–Muller, in double). Host only: log and cos differ between devices.
double normal(const Philox& generator, uint64_t index);

// Stream numbers: one for each use, so that no two uses of one seed share draws. Parameters are added in the high bits.
enum class RandomStream : uint64_t {
  kSplit = 1,
  kSynthetic = 2,
  kNegatives = 3,
  kFactors = 4,
  kShuffle = 5,
  kRandomModel = 6,
  kSampledRanking = 7,
  kValidation = 8,
  kWords = 9,
  kVectors = 10,
  kRounding = 11,
  kDropout = 12,
  kWeights = 13,
  kBatches = 14,
  kForcing = 15,
  kExampleOrder = 16,
  kClusters = 24,
  kSearchQueries = 40,
};

constexpr uint64_t stream_id(RandomStream stream, uint64_t part = 0) {
  return static_cast<uint64_t>(stream) | part << 8;
}

}  // namespace matinee
