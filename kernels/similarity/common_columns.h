#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::similarity {

// counts(i, j), j ≤ i: in how many columns both row chosen[i] and row chosen[j] have an entry; on the diagonal, how
// many entries the row has. `chosen` rises; counts (chosen × chosen), of which the lower triangle is written. This is
// the Gram matrix of binary ratings. Exact integers, rounded to single precision beyond 2^24: the same bytes for any
// number of threads. columns(c, r) = rows(r, c). Time O(Σ over columns of the square of their length); scratch memory
// O(threads × chosen). Runs on the CPU whatever the device.
// Error(kConfig) for misshapen operands.
void common_columns(Context& context, SparseView rows, SparseView columns, std::span<const int32_t> chosen,
                    MatrixView<float> counts);

}  // namespace matinee::similarity
