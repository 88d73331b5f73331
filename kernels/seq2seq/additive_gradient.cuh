#pragma once

#include "kernels/seq2seq/attention.h"
#include "kernels/seq2seq/attention_steps.cuh"

namespace matinee::seq2seq {

// gradient.queries, .keys and .v += what d_scores (target rows × source steps) make of them with AttentionScore
// kAdditive.
void additive_gradient(Context& context, const DeviceSteps& source, const DeviceSteps& target,
                       const AttentionView<const float>& operands, const MatrixView<const float>& d_scores,
                       const AttentionView<float>& gradient);

}  // namespace matinee::seq2seq
