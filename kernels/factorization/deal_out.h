#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "kernels/support/philox.h"

namespace matinee::factorization {

// Parts of RandomStream::kShuffle. From kEpochs on: an order of strata for each epoch; from kSampled on: two dealings.
enum ShufflePart : uint64_t {
  kUserGroups,
  kItemGroups,
  kTiles,
  kEpochs = uint64_t{1} << 40,
  kSampled = uint64_t{2} << 40
};

template <typename T>
void shuffle(std::span<T> values, uint64_t seed, uint64_t part) {
  const Philox draws(seed, stream_id(RandomStream::kShuffle, part));
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[draws.below(left, left)]);
  }
}

// Deals rows out in random order, so that each group gets about the same sum of counts. Returns each row's group.
std::vector<uint16_t> deal_out(std::span<const int64_t> counts, int32_t groups, uint64_t seed, uint64_t part);

}  // namespace matinee::factorization
