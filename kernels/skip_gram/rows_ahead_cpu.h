#pragma once

#include <cstdint>

#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/vectors_view.h"

namespace matinee::skip_gram::cpu {

inline constexpr int kMostInputs = 2 * kMostWindow, kMostOutputs = 1 + kMostNegatives;

// Begins to load a row from column k on: a cache line.
[[gnu::always_inline]] inline void begin_load(const float* row, int64_t k) {
  static_assert(kLanes * sizeof(float) == 64);
  __builtin_prefetch(row + k, 1);
}

[[gnu::always_inline]] inline void prefetch_row(const float* row, int64_t stride) {
  for (int64_t k = 0; k < stride; k += kLanes) begin_load(row, k);
}

// Rows of a window to come. Their loads begin line by line while an earlier window is worked on: all at once they would
// fill the processor's queue of loads, and everything behind them would wait.
struct RowsAhead {
  int count = 0;
  const float* row[kMostInputs + kMostOutputs];

  // Of kLanes columns from k on.
  [[gnu::always_inline]] void begin_loads(int64_t k) const {
    for (int n = 0; n < count; ++n) begin_load(row[n], k);
  }
};

inline constexpr RowsAhead kNoRowsAhead{};

}  // namespace matinee::skip_gram::cpu
