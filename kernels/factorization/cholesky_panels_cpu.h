#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/factorization/rating_update.h"
#include "kernels/factorization/triangle_panels.h"

// Symmetric positive definite systems of a few hundred unknowns, in the panels of triangle_panels.h. Every inner loop
// runs over the kLanes rows of a panel, so that it vectorizes in functions of any vector width that these are inlined
// into, and every sum has one written order: the same bits with any width.
namespace matinee::factorization::cpu {

inline constexpr int64_t kTile = 4;  // columns whose sums stay in registers together

enum class Sign { kPlus, kMinus };

// Half a row of kLanes numbers in a register. The compiler's own vectors: loops over arrays of sums are vectorized
// along the wrong side.
using Eight = float __attribute__((vector_size(32), aligned(alignof(float)), may_alias));
static_assert(2 * sizeof(Eight) == kLanes * sizeof(float));

[[gnu::always_inline]] inline const Eight* eights(const float* numbers) {
  return reinterpret_cast<const Eight*>(numbers);
}
[[gnu::always_inline]] inline Eight* eights(float* numbers) {
  return reinterpret_cast<Eight*>(numbers);
}

// sums += weight × numbers, each rounded once.
[[gnu::always_inline]] inline void add_fused(float weight, const Eight& numbers, Eight& sums) {
  Eight result;
  for (unsigned lane = 0; lane < 8; ++lane) result[lane] = __builtin_fmaf(weight, numbers[lane], sums[lane]);
  sums = result;
}

// target[t][lane] ± = Σ_n left[n][t] right[n][lane] for kTile values of t, in rising order of n; rows of kLanes
// numbers.
template <Sign sign>
[[gnu::always_inline]] inline void add_products(const float* left, const float* right, int64_t count, float* target) {
  Eight low[kTile], high[kTile];
#pragma GCC unroll 4
  for (int64_t t = 0; t < kTile; ++t) {
    low[t] = eights(target + t * kLanes)[0];
    high[t] = eights(target + t * kLanes)[1];
  }
  for (int64_t n = 0; n < count; ++n) {
    const Eight right_low = eights(right + n * kLanes)[0], right_high = eights(right + n * kLanes)[1];
#pragma GCC unroll 4
    for (int64_t t = 0; t < kTile; ++t) {
      const float weight = sign == Sign::kPlus ? left[n * kLanes + t] : -left[n * kLanes + t];
      add_fused(weight, right_low, low[t]);
      add_fused(weight, right_high, high[t]);
    }
  }
#pragma GCC unroll 4
  for (int64_t t = 0; t < kTile; ++t) {
    eights(target + t * kLanes)[0] = low[t];
    eights(target + t * kLanes)[1] = high[t];
  }
}

// triangle += XᵀX for a matrix X (count, columns) in panels of columns: panel p is (count, kLanes) from
// p × panel_stride on.
[[gnu::always_inline]] inline void add_gram(const float* x, int64_t count, int64_t panel_stride, int64_t columns,
                                            float* triangle) {
  for (int64_t row_panel = 0; row_panel < columns / kLanes; ++row_panel) {
    float* target = triangle + panel_start(row_panel);
    for (int64_t column = 0; column < (row_panel + 1) * kLanes; column += kTile) {
      add_products<Sign::kPlus>(x + column / kLanes * panel_stride + column % kLanes, x + row_panel * panel_stride,
                                count, target + column * kLanes);
    }
  }
}

// The square on the diagonal of panel p, (column, row), becomes its own factor.
[[gnu::always_inline]] inline void factorize_square(float* square) {
  for (int64_t c = 0; c < kLanes; ++c) {
    float* column = square + c * kLanes;
    const float pivot = std::sqrt(column[c]);
    for (int64_t lane = 0; lane < kLanes; ++lane) column[lane] = lane < c ? 0.0f : column[lane] / pivot;
    for (int64_t next = c + 1; next < kLanes; ++next) {
      const float weight = column[next];
      for (int64_t lane = 0; lane < kLanes; ++lane) square[next * kLanes + lane] -= weight * column[lane];
    }
  }
}

// block := block × square^-T, where `block` is (column, row) beneath the factorized square.
[[gnu::always_inline]] inline void solve_below(const float* __restrict square, float* __restrict block) {
  for (int64_t c = 0; c < kLanes; ++c) {
    const float pivot = square[c * kLanes + c];
    for (int64_t lane = 0; lane < kLanes; ++lane) block[c * kLanes + lane] /= pivot;
    for (int64_t next = c + 1; next < kLanes; ++next) {
      const float weight = square[c * kLanes + next];
      for (int64_t lane = 0; lane < kLanes; ++lane) block[next * kLanes + lane] -= weight * block[c * kLanes + lane];
    }
  }
}

// A becomes its Cholesky factor L, A = L Lᵀ, panel of columns by panel of columns (left-looking).
[[gnu::always_inline]] inline void factorize(float* triangle, int64_t columns) {
  const int64_t panels = columns / kLanes;
  for (int64_t p = 0; p < panels; ++p) {
    float* above = triangle + panel_start(p);
    float* square = above + p * kLanes * kLanes;
    for (int64_t q = p; q < panels; ++q) {
      float* panel = triangle + panel_start(q);
      float* block = panel + p * kLanes * kLanes;
      for (int64_t t = 0; t < kLanes; t += kTile) {
        add_products<Sign::kMinus>(above + t, panel, p * kLanes, block + t * kLanes);
      }
      if (q == p) {
        factorize_square(square);
      } else {
        solve_below(square, block);
      }
    }
  }
}

// values := (L Lᵀ)^-1 values.
[[gnu::always_inline]] inline void substitute(const float* triangle, int64_t columns, float* values) {
  const int64_t panels = columns / kLanes;
  for (int64_t p = 0; p < panels; ++p) {  // L y = b
    const float* panel = triangle + panel_start(p);
    float* own = values + p * kLanes;
    for (int64_t c = 0; c < p * kLanes; ++c) {
      const float weight = values[c];
      for (int64_t lane = 0; lane < kLanes; ++lane) own[lane] -= panel[c * kLanes + lane] * weight;
    }
    const float* square = panel + p * kLanes * kLanes;
    for (int64_t c = 0; c < kLanes; ++c) {
      own[c] /= square[c * kLanes + c];
      for (int64_t lane = c + 1; lane < kLanes; ++lane) own[lane] -= square[c * kLanes + lane] * own[c];
    }
  }
  for (int64_t p = panels - 1; p >= 0; --p) {  // Lᵀ x = y
    const float* panel = triangle + panel_start(p);
    float* own = values + p * kLanes;
    const float* square = panel + p * kLanes * kLanes;
    for (int64_t c = kLanes - 1; c >= 0; --c) {
      for (int64_t lane = c + 1; lane < kLanes; ++lane) own[c] -= square[c * kLanes + lane] * own[lane];
      own[c] /= square[c * kLanes + c];
    }
    for (int64_t c = 0; c < p * kLanes; ++c) values[c] -= dot(panel + c * kLanes, own, kLanes);
  }
}

}  // namespace matinee::factorization::cpu
