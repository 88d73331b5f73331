#pragma once

#include <cstdint>
#include <functional>

#include "kernels/factorization/als_objective.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::factorization {

// One half of an epoch of alternating least squares: one side's rows, the other side being fixed.
struct AlsSweep {
  SparseView ratings;             // rows are those to solve, columns the fixed ones
  MatrixView<const float> fixed;  // H (ratings.columns, padded), rows padded with zeros
  const double* gram = nullptr;   // HᵀH (padded, padded): gram_matrix.h
  int64_t factors = 0;            // padded(factors) = fixed.columns
  AlsObjective objective;
};

// Called when the rows before `done` are solved.
using RowsDone = std::function<void(int64_t done)>;

// Sets each row w_r of `solved` (ratings.rows, padded), from `first` on, to the one that minimises the objective:
//   (Σ_(i in N(r)) h_i h_iᵀ + α0 HᵀH + penalty(n_r, columns) I) w_r = Σ_(i in N(r)) h_i
// by a Cholesky factorisation in single precision. Rows without ratings become zero, and numbers beyond the factors are
// zero. Each row depends on its ratings and H alone: the same bits for any number of threads and any `first`. CPU and
// CUDA add in different orders and agree within rounding: about 1e-4 of a row's norm, where the system's condition
// number is below 1e3. A pivot that is not positive in single precision gives a row of NaN, which training reports.
// Throws Error(kConfig) where shapes disagree. What `rows_done` throws comes out, the rows before `done` being whole.
// On CUDA, while a KeepOperands lives, ratings and both sides' rows stay on the device from call to call: what is
// solved is written there and to `solved`. Per row n k² + k³ / 3 flops and 4 n k bytes (of the fixed rows) for n
// ratings and k factors.
void als_sweep(Context& context, const AlsSweep& sweep, int64_t first, const MatrixView<float>& solved,
               const RowsDone& rows_done);

void als_sweep_cpu(Context& context, const AlsSweep& sweep, int64_t first, const MatrixView<float>& solved,
                   const RowsDone& rows_done);

// Predicted peak of bytes beside the ratings and factors themselves; of device memory, with them.
int64_t als_bytes(int64_t users, int64_t items, int64_t factors);
int64_t als_device_bytes(int64_t users, int64_t items, int64_t ratings, int64_t factors);

// What both sides start from. α0 HᵀH in the panels of triangle_panels.h: padding stands alone with ones on the
// diagonal.
Buffer<float> common_triangle(const AlsSweep& sweep);
// The penalty of each row of the ratings.
Buffer<float> penalties_of(const AlsSweep& sweep);

// The row after `first` up to which rows cost at most `flops` together, but at least one row; `rows` at most.
int64_t end_of_share(const AlsSweep& sweep, int64_t first, double flops);

}  // namespace matinee::factorization
