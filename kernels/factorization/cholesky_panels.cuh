#pragma once

#include "kernels/factorization/triangle_panels.h"

// Work of a block of threads on a symmetric positive definite system in the panels of triangle_panels.h, in shared or
// global memory. Each sum has one order. Callers put a barrier between these.
namespace matinee::factorization::cuda {

inline constexpr int kSide = 4;                                           // a thread makes kSide × kSide numbers
inline constexpr int kThreadsOfTile = kLanes * kLanes / (kSide * kSide);  // that share a tile of kLanes × kLanes

struct Tile {
  int row_panel, column_panel;  // column_panel ≤ row_panel
};

// Tile number `index` of a lower triangle of tiles, row by row.
__device__ inline Tile tile_of(int index) {
  int row = static_cast<int>((sqrtf(8.0F * static_cast<float>(index) + 1.0F) - 1.0F) * 0.5F);
  while (row * (row + 1) / 2 > index) --row;
  while ((row + 1) * (row + 2) / 2 <= index) ++row;
  return {row, index - row * (row + 1) / 2};
}

__device__ inline float4 four(const float* values) {
  return *reinterpret_cast<const float4*>(values);
}

// sums[t][lane] += Σ_n left[n][t] right[n][lane]: rows of kLanes numbers, kSide of each taken.
__device__ inline void add_products(const float* left, const float* right, int count, float (&sums)[kSide][kSide]) {
  for (int n = 0; n < count; ++n) {
    const float4 l = four(left + n * kLanes), r = four(right + n * kLanes);
    const float lefts[kSide] = {l.x, l.y, l.z, l.w}, rights[kSide] = {r.x, r.y, r.z, r.w};
#pragma unroll
    for (int t = 0; t < kSide; ++t) {
#pragma unroll
      for (int lane = 0; lane < kSide; ++lane) sums[t][lane] = fmaf(lefts[t], rights[lane], sums[t][lane]);
    }
  }
}

// The tiles of `triangle` from panel `first` on get sign × XᵀX, where X has `count` rows and its columns of panel p lie
// at x(p) as (count, kLanes).
template <typename PanelOf>
__device__ void add_gram(const PanelOf& x, int count, float sign, int first, int panels, float* triangle) {
  const int wide = panels - first, tiles = wide * (wide + 1) / 2;
  const int own = threadIdx.x % kThreadsOfTile, across = kLanes / kSide;
  const int t_first = own / across * kSide, lane_first = own % across * kSide;
  for (int index = threadIdx.x / kThreadsOfTile; index < tiles; index += blockDim.x / kThreadsOfTile) {
    const Tile tile = tile_of(index);
    float sums[kSide][kSide] = {};
    add_products(x(first + tile.column_panel) + t_first, x(first + tile.row_panel) + lane_first, count, sums);
    float* target = triangle + panel_start(first + tile.row_panel) +
                    ((first + tile.column_panel) * kLanes + t_first) * kLanes + lane_first;
#pragma unroll
    for (int t = 0; t < kSide; ++t) {
      float4& four_numbers = *reinterpret_cast<float4*>(target + t * kLanes);
      const float4 old = four_numbers;
      four_numbers = {fmaf(sign, sums[t][0], old.x), fmaf(sign, sums[t][1], old.y), fmaf(sign, sums[t][2], old.z),
                      fmaf(sign, sums[t][3], old.w)};
    }
  }
}

// The square on the diagonal of a panel, (column, row), becomes its factor; inverses: 1 / its diagonal. By the first
// kLanes threads, one a row.
__device__ inline void factorize_square(float* square, float* inverses) {
  constexpr unsigned kMask = (1U << kLanes) - 1;
  if (threadIdx.x >= kLanes) return;
  const int row = threadIdx.x;
  float values[kLanes];
#pragma unroll
  for (int c = 0; c < kLanes; ++c) values[c] = square[c * kLanes + row];
#pragma unroll
  for (int c = 0; c < kLanes; ++c) {
    const float inverse = 1.0F / sqrtf(__shfl_sync(kMask, values[c], c));
    values[c] = row < c ? 0.0F : values[c] * inverse;
    if (row == c) inverses[c] = inverse;
#pragma unroll
    for (int next = c + 1; next < kLanes; ++next) {
      values[next] = fmaf(-values[c], __shfl_sync(kMask, values[c], next), values[next]);
    }
  }
#pragma unroll
  for (int c = 0; c < kLanes; ++c) square[c * kLanes + row] = values[c];
}

// The rows beneath a factorized square: row := row × square^-T, a thread a row.
__device__ inline void solve_below(const float* square, const float* inverses, int panel, int panels, float* triangle) {
  for (int row = threadIdx.x; row < (panels - panel - 1) * kLanes; row += blockDim.x) {
    float* block = triangle + panel_start(panel + 1 + row / kLanes) + panel * kLanes * kLanes + row % kLanes;
    float values[kLanes];
#pragma unroll
    for (int c = 0; c < kLanes; ++c) values[c] = block[c * kLanes];
#pragma unroll
    for (int c = 0; c < kLanes; ++c) {
      values[c] *= inverses[c];
#pragma unroll
      for (int next = c + 1; next < kLanes; ++next) {
        values[next] = fmaf(-values[c], square[c * kLanes + next], values[next]);
      }
    }
#pragma unroll
    for (int c = 0; c < kLanes; ++c) block[c * kLanes] = values[c];
  }
}

// A becomes L, A = L Lᵀ; inverses (columns): 1 / its diagonal. Ends with a barrier.
__device__ inline void factorize(float* triangle, int panels, float* inverses) {
  for (int p = 0; p < panels; ++p) {
    float* square = triangle + panel_start(p) + p * kLanes * kLanes;
    factorize_square(square, inverses + p * kLanes);
    __syncthreads();
    solve_below(square, inverses + p * kLanes, p, panels, triangle);
    __syncthreads();
    const auto below = [&](int q) { return triangle + panel_start(q) + p * kLanes * kLanes; };
    add_gram(below, kLanes, -1.0F, p + 1, panels, triangle);
    __syncthreads();
  }
}

// values := (L Lᵀ)^-1 values. Ends with a barrier.
__device__ inline void substitute(const float* triangle, int panels, const float* inverses, float* values) {
  constexpr unsigned kMask = (1U << kLanes) - 1;
  for (int p = 0; p < panels; ++p) {  // L y = b
    const float* square = triangle + panel_start(p) + p * kLanes * kLanes;
    float* own = values + p * kLanes;
    if (threadIdx.x < kLanes) {
      const int row = threadIdx.x;
      float value = own[row];
      for (int c = 0; c < kLanes; ++c) {
        const float solved = __shfl_sync(kMask, value * inverses[p * kLanes + c], c);
        if (row == c) value = solved;
        if (row > c) value = fmaf(-square[c * kLanes + row], solved, value);
      }
      own[row] = value;
    }
    __syncthreads();
    for (int row = (p + 1) * kLanes + threadIdx.x; row < panels * kLanes; row += blockDim.x) {
      const float* block = triangle + panel_start(row / kLanes) + p * kLanes * kLanes + row % kLanes;
      float value = values[row];
      for (int c = 0; c < kLanes; ++c) value = fmaf(-block[c * kLanes], own[c], value);
      values[row] = value;
    }
    __syncthreads();
  }
  for (int p = panels - 1; p >= 0; --p) {  // Lᵀ x = y
    const float* panel = triangle + panel_start(p);
    const float* square = panel + p * kLanes * kLanes;
    float* own = values + p * kLanes;
    if (threadIdx.x < kLanes) {
      const int row = threadIdx.x;
      float value = own[row];
      for (int c = kLanes - 1; c >= 0; --c) {
        const float solved = __shfl_sync(kMask, value * inverses[p * kLanes + c], c);
        if (row == c) value = solved;
        if (row < c) value = fmaf(-square[row * kLanes + c], solved, value);
      }
      own[row] = value;
    }
    __syncthreads();
    for (int c = threadIdx.x; c < p * kLanes; c += blockDim.x) {
      float value = values[c];
      for (int lane = 0; lane < kLanes; ++lane) value = fmaf(-panel[c * kLanes + lane], own[lane], value);
      values[c] = value;
    }
    __syncthreads();
  }
}

}  // namespace matinee::factorization::cuda
