#pragma once

#include "kernels/seq2seq/attention.h"

namespace matinee::seq2seq {

// The same on CUDA; shapes are checked, there are target rows.
void attend_cuda(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                 const AttentionView<const float>& operands, const MatrixView<float>& weights,
                 const MatrixView<float>& contexts);
void attend_gradient_cuda(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                          const AttentionView<const float>& operands, const MatrixView<const float>& weights,
                          const MatrixView<const float>& d_contexts, const AttentionView<float>& gradient);

}  // namespace matinee::seq2seq
