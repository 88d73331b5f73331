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

// row += weight × other, rows of kLanes numbers.
[[gnu::always_inline]] inline void add_row(float weight, const float* other, float* row) {
  add_fused(weight, eights(other)[0], eights(row)[0]);
  add_fused(weight, eights(other)[1], eights(row)[1]);
}

[[gnu::always_inline]] inline void divide_row(float divisor, float* row) {
  eights(row)[0] /= divisor;
  eights(row)[1] /= divisor;
}

// The square on the diagonal of panel p, (column, row), becomes its own factor, with zeros above the diagonal.
[[gnu::always_inline]] inline void factorize_square(float* square) {
  for (int64_t c = 0; c < kLanes; ++c) {
    float* column = square + c * kLanes;
    divide_row(std::sqrt(column[c]), column);
    std::fill_n(column, c, 0.0f);
    for (int64_t next = c + 1; next < kLanes; ++next) add_row(-column[next], column, square + next * kLanes);
  }
}

// block := block × square^-T, where `block` is (column, row) beneath the factorized square.
[[gnu::always_inline]] inline void solve_below(const float* square, float* block) {
  for (int64_t c = 0; c < kLanes; ++c) {
    const float* weights = square + c * kLanes;
    float* column = block + c * kLanes;
    divide_row(weights[c], column);
    for (int64_t next = c + 1; next < kLanes; ++next) add_row(-weights[next], column, block + next * kLanes);
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
    for (int64_t c = 0; c < p * kLanes; ++c) add_row(-values[c], panel + c * kLanes, own);
    const float* square = panel + p * kLanes * kLanes;
    for (int64_t c = 0; c < kLanes; ++c) {
      const float solved = own[c] / square[c * kLanes + c];
      add_row(-solved, square + c * kLanes, own);
      own[c] = solved;
    }
  }
  for (int64_t p = panels - 1; p >= 0; --p) {  // Lᵀ x = y
    const float* panel = triangle + panel_start(p);
    float* own = values + p * kLanes;
    const float* square = panel + p * kLanes * kLanes;
    for (int64_t c = kLanes - 1; c >= 0; --c) {
      const float value = own[c];
      own[c] = 0;
      own[c] = (value - dot(square + c * kLanes, own, kLanes)) / square[c * kLanes + c];
    }
    for (int64_t c = 0; c < p * kLanes; ++c) values[c] -= dot(panel + c * kLanes, own, kLanes);
  }
}

}  // namespace matinee::factorization::cpu
