#pragma once

#include "kernels/ranking/top_n.h"

namespace matinee::ranking {

// top_n() on CUDA; operands are checked.
void top_n_cuda(Context& context, MatrixView<const float> scores, const SparseView& seen,
                std::span<const int32_t> users, MatrixView<RankedItem> best);
void top_n_cuda(Context& context, const DeviceMatrix& scores, const SparseView& seen, std::span<const int32_t> users,
                MatrixView<RankedItem> best);

}  // namespace matinee::ranking
