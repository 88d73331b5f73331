#pragma once

#include <cstdint>

#include "kernels/seq2seq/packed_batch.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::seq2seq {

enum class AttentionScore {
  kDot,       // query · key (Luong, Pham and Manning, EMNLP 2015); "general" is this with projected queries
  kAdditive,  // v · tanh(query + key) (Bahdanau, Cho and Bengio, ICLR 2015), both projected
};

// Operands in the memory of the context's device; rows as PackedBatch orders them. Both batches have the same sequences
// in the same order: step t of target sequence b looks at all steps of source sequence b and at nothing else, so there
// is no padding to mask.
template <typename T>
struct AttentionView {
  MatrixView<T> queries;  // (target rows × units)
  MatrixView<T> keys;     // (source rows × units)
  MatrixView<T> values;   // (source rows × dimensions)
  T* v = nullptr;         // (units), only with kAdditive
};

// weights (target rows × source steps) = softmax over the steps s of the source sequence of the scores, 0 beyond them;
// contexts (target rows × dimensions) = Σ_s weights · values. 2 units + 2 dimensions flops a pair of steps, with
// kAdditive a tanh for each unit too.
// On the CPU the same bits for any number of threads; on CUDA sums have a fixed order of their own, equal within
// rounding. Error(kConfig) where shapes do not fit.
void attend(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
            const AttentionView<const float>& operands, const MatrixView<float>& weights,
            const MatrixView<float>& contexts);

// After attend() with the same operands: gradient += what d_contexts makes of the operands. gradient.keys and .values
// may be the same matrix, as may be those of the operands.
void attend_gradient(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                     const AttentionView<const float>& operands, const MatrixView<const float>& weights,
                     const MatrixView<const float>& d_contexts, const AttentionView<float>& gradient);

void attend_cpu(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                const AttentionView<const float>& operands, const MatrixView<float>& weights,
                const MatrixView<float>& contexts);
void attend_gradient_cpu(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                         const AttentionView<const float>& operands, const MatrixView<const float>& weights,
                         const MatrixView<const float>& d_contexts, const AttentionView<float>& gradient);

}  // namespace matinee::seq2seq
