#pragma once

#include <cstdint>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"

namespace matinee::factorization {

inline constexpr int64_t kRatingsAhead = 8;  // begins loads about one memory latency early at 64 factors
inline constexpr int kForReading = 0, kForWriting = 1;

// Begins to load the rows that a rating a few places ahead will use. They lie far apart and come in random order, so
// that the processor does not foresee them: without this, 10 M ratings cost five times as much each as 1 M.
template <int access, typename T>
[[gnu::always_inline]] inline void prefetch_rows(const Rating& rating, const FactorsView<T>& model) {
  constexpr int64_t kLineFloats = 16;  // of a cache line
  const float* p = model.user_factors.row(rating.user);
  const float* q = model.item_factors.row(rating.item);
  for (int64_t k = 0; k < model.user_factors.stride; k += kLineFloats) {
    __builtin_prefetch(p + k, access);
    __builtin_prefetch(q + k, access);
  }
  __builtin_prefetch(model.user_biases + rating.user, access);
}

}  // namespace matinee::factorization
