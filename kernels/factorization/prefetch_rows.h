#pragma once

#include <cstdint>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"

namespace matinee::factorization {

inline constexpr int64_t kRatingsAhead = 8;  // begins loads about one memory latency early at 64 factors
inline constexpr int kForReading = 0, kForWriting = 1;

// Begins to load the rows that a rating a few places ahead will use. They lie far apart and come in random order, so
// that the processor does not foresee them: without this, 10 M ratings cost five times as much each as 1 M.
template <int access, typename T, typename Bias>
[[gnu::always_inline]] inline void prefetch_rows(const Rating& rating, const FactorsView<T, Bias>& model) {
  constexpr int64_t kLineNumbers = 64 / sizeof(T);  // of a cache line
  const T* p = model.user_factors.row(rating.user);
  const T* q = model.item_factors.row(rating.item);
  for (int64_t k = 0; k < model.user_factors.stride; k += kLineNumbers) {
    __builtin_prefetch(p + k, access);
    __builtin_prefetch(q + k, access);
  }
  __builtin_prefetch(model.user_biases + rating.user, access);
}

}  // namespace matinee::factorization
