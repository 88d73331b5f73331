#include "kernels/seq2seq/additive_gradient.cuh"
#include "kernels/seq2seq/attention_cuda.h"
#include "kernels/seq2seq/attention_scores.cuh"
#include "kernels/seq2seq/weighted_sums.cuh"
#include "kernels/support/device_buffer.cuh"

namespace matinee::seq2seq {

void attend_cuda(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                 const AttentionView<const float>& operands, const MatrixView<float>& weights,
                 const MatrixView<float>& contexts) {
  CudaResources& cuda = context.cuda();
  const DeviceSteps sources(source), targets(target);
  attention_weights(cuda, score, sources, targets, operands, weights);
  weighted_sums(cuda, Side::kTarget, false, sources, targets, weights, operands.values, contexts);
}

void attend_gradient_cuda(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                          const AttentionView<const float>& operands, const MatrixView<const float>& weights,
                          const MatrixView<const float>& d_contexts, const AttentionView<float>& gradient) {
  CudaResources& cuda = context.cuda();
  const DeviceSteps sources(source), targets(target);
  DeviceBuffer<float> memory(cuda, target.rows() * source.steps());
  const MatrixView<float> d_scores{memory.data(), target.rows(), source.steps(), source.steps()};
  score_gradient(cuda, sources, targets, operands.values, weights, d_contexts, d_scores);
  weighted_sums(cuda, Side::kSource, true, sources, targets, weights, d_contexts, gradient.values);
  if (score == AttentionScore::kAdditive) {
    additive_gradient(context, sources, targets, operands, d_scores, gradient);
    return;
  }
  weighted_sums(cuda, Side::kTarget, true, sources, targets, d_scores, operands.keys, gradient.queries);
  weighted_sums(cuda, Side::kSource, true, sources, targets, d_scores, operands.queries, gradient.keys);
}

}  // namespace matinee::seq2seq
