#pragma once

#include "kernels/seq2seq/attention.h"
#include "kernels/seq2seq/attention_steps.cuh"

namespace matinee::seq2seq {

// weights = softmax of the scores, 0 beyond the steps of the source.
void attention_weights(CudaResources& cuda, AttentionScore score, const DeviceSteps& source, const DeviceSteps& target,
                       const AttentionView<const float>& operands, const MatrixView<float>& weights);

// d_scores (target rows × source steps), only at steps that there are = the gradient of the scores.
void score_gradient(CudaResources& cuda, const DeviceSteps& source, const DeviceSteps& target,
                    const MatrixView<const float>& values, const MatrixView<const float>& weights,
                    const MatrixView<const float>& d_contexts, const MatrixView<float>& d_scores);

}  // namespace matinee::seq2seq
