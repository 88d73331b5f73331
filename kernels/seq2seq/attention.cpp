#include "kernels/seq2seq/attention.h"

#include "kernels/seq2seq/attention_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::seq2seq {
namespace {

void check(AttentionScore score, const PackedBatch& source, const PackedBatch& target,
           const AttentionView<const float>& operands, const MatrixView<const float>& weights,
           const MatrixView<const float>& contexts) {
  if (source.sequences() != target.sequences()) {
    fail(ErrorKind::kConfig, "attention of {} sequences on {}", target.sequences(), source.sequences());
  }
  if (operands.queries.rows != target.rows() || operands.keys.rows != source.rows() ||
      operands.values.rows != source.rows() || operands.queries.columns != operands.keys.columns ||
      contexts.rows != target.rows() || contexts.columns != operands.values.columns || weights.rows != target.rows() ||
      weights.columns < source.steps()) {
    fail(ErrorKind::kConfig,
         "attention: queries {} × {}, keys {} × {}, values {} × {}, weights {} × {}, contexts {} × {} for {} steps of "
         "targets and {} of sources, the longest of {}",
         operands.queries.rows, operands.queries.columns, operands.keys.rows, operands.keys.columns,
         operands.values.rows, operands.values.columns, weights.rows, weights.columns, contexts.rows, contexts.columns,
         target.rows(), source.rows(), source.steps());
  }
  if (score == AttentionScore::kAdditive && operands.v == nullptr) {
    fail(ErrorKind::kConfig, "additive attention without its vector v");
  }
}

}  // namespace

void attend(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
            const AttentionView<const float>& operands, const MatrixView<float>& weights,
            const MatrixView<float>& contexts) {
  check(score, source, target, operands, weights, contexts);
  if (target.rows() > 0) MATINEE_DISPATCH(context, attend, score, source, target, operands, weights, contexts);
}

void attend_gradient(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                     const AttentionView<const float>& operands, const MatrixView<const float>& weights,
                     const MatrixView<const float>& d_contexts, const AttentionView<float>& gradient) {
  check(score, source, target, operands, weights, d_contexts);
  if (target.rows() == 0) return;
  MATINEE_DISPATCH(context, attend_gradient, score, source, target, operands, weights, d_contexts, gradient);
}

}  // namespace matinee::seq2seq
