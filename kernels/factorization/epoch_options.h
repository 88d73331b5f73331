#pragma once

#include <cstdint>

namespace matinee::factorization {

// Which steps of an epoch may overlap.
enum class Updates {
  kOrdered,   // none that share a row: the same result for any number of threads and on every device
  kLockFree,  // any (Niu et al., "Hogwild!", NIPS 2011): a step may read rows that another is writing, updates of one
              // row can be lost, and the result differs from run to run
};

// How the steps of an epoch are taken.
struct EpochOptions {
  EpochOptions(float rate, Updates which = Updates::kOrdered, uint64_t key = 0)
      : learning_rate(rate), updates(which), rounding_key(key) {}

  float learning_rate;
  Updates updates;
  uint64_t rounding_key;  // another one for each epoch: of the draws that round factors stored in fewer than 32 bits
};

}  // namespace matinee::factorization
