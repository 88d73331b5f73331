#include "engine/models/attentive_output.h"

#include "kernels/dense/hyperbolic_tangent.h"
#include "kernels/dense/linear.h"
#include "kernels/dense/matrix_product.h"
#include "kernels/seq2seq/attention.h"

namespace matinee::engine {

AttentiveOutput::AttentiveOutput(Context& context, const Seq2SeqShape& shape, const Seq2SeqRoom& room) : shape_(shape) {
  const int64_t source = room.texts * room.tokens * shape.units;
  const int64_t target = room.texts * room.target_steps() * shape.units;
  const bool queries = shape.attention != Seq2SeqAttention::kDot, keys = shape.attention == Seq2SeqAttention::kAdditive;
  if (queries) queries_ = Array<float>(context, target);
  if (keys) keys_ = Array<float>(context, source);
  weights_ = Array<float>(context, room.texts * room.target_steps() * room.tokens);
  contexts_ = Array<float>(context, target);
  mixed_ = Array<float>(context, target);
  if (!room.training) return;
  if (queries) d_queries_ = Array<float>(context, target);
  if (keys) d_keys_ = Array<float>(context, source);
  d_contexts_ = Array<float>(context, target);
  d_mixed_ = Array<float>(context, target);
}

seq2seq::AttentionScore AttentiveOutput::score() const {
  return shape_.attention == Seq2SeqAttention::kAdditive ? seq2seq::AttentionScore::kAdditive
                                                         : seq2seq::AttentionScore::kDot;
}

seq2seq::AttentionView<const float> AttentiveOutput::operands(const Seq2SeqLayout& layout, const float* parameters,
                                                              const MatrixView<const float>& encoded,
                                                              const MatrixView<const float>& decoded) const {
  seq2seq::AttentionView<const float> operands = {decoded, encoded, encoded, nullptr};
  if (shape_.attention != Seq2SeqAttention::kDot) operands.queries = view(queries_, decoded.rows);
  if (shape_.attention == Seq2SeqAttention::kAdditive) {
    operands.keys = view(keys_, encoded.rows);
    operands.v = layout.v(parameters);
  }
  return operands;
}

void AttentiveOutput::forward(Context& context, const Seq2SeqLayout& layout, const float* parameters,
                              const seq2seq::PackedBatch& source, const seq2seq::PackedBatch& target,
                              const MatrixView<const float>& encoded, const MatrixView<const float>& decoded) {
  const int64_t rows = decoded.rows;
  if (shape_.attention != Seq2SeqAttention::kDot) {
    dense::linear(context, layout.query(parameters), decoded, view(queries_, rows));
  }
  if (shape_.attention == Seq2SeqAttention::kAdditive) {
    dense::linear(context, layout.key(parameters), encoded, view(keys_, encoded.rows));
  }
  const int64_t steps = source.steps();
  seq2seq::attend(context, score(), source, target, operands(layout, parameters, encoded, decoded),
                  {weights_.data(), rows, steps, steps}, view(contexts_, rows));
  dense::linear(context, layout.combine_hidden(parameters), decoded, mixed(rows));
  dense::matrix_product(context, {view(contexts_, rows)}, dense::transpose(layout.combine_context(parameters).weights),
                        true, mixed(rows));
  dense::apply_tanh(context, mixed_.data(), rows * shape_.units);
}

void AttentiveOutput::backward(Context& context, const Seq2SeqLayout& layout, const float* parameters,
                               const seq2seq::PackedBatch& source, const seq2seq::PackedBatch& target,
                               const MatrixView<const float>& encoded, const MatrixView<const float>& decoded,
                               float* gradient, const MatrixView<float>& d_encoded,
                               const MatrixView<float>& d_decoded) {
  const int64_t rows = decoded.rows, steps = source.steps();
  dense::tanh_gradient(context, mixed_.data(), d_mixed_.data(), rows * shape_.units);
  dense::linear_gradient(context, layout.combine_hidden(parameters), decoded, d_mixed(rows),
                         layout.combine_hidden(gradient), d_decoded);
  dense::linear_gradient(context, layout.combine_context(parameters), view(contexts_, rows), d_mixed(rows),
                         layout.combine_context(gradient), view(d_contexts_, rows));
  const bool queries = shape_.attention != Seq2SeqAttention::kDot;
  const bool keys = shape_.attention == Seq2SeqAttention::kAdditive;
  seq2seq::AttentionView<float> d_operands = {d_decoded, d_encoded, d_encoded, nullptr};
  if (queries) {
    d_queries_.clear(context);
    d_operands.queries = view(d_queries_, rows);
  }
  if (keys) {
    d_keys_.clear(context);
    d_operands.keys = view(d_keys_, encoded.rows);
    d_operands.v = layout.v(gradient);
  }
  seq2seq::attend_gradient(context, score(), source, target, operands(layout, parameters, encoded, decoded),
                           {weights_.data(), rows, steps, steps}, view(d_contexts_, rows), d_operands);
  if (queries) {
    dense::linear_gradient(context, layout.query(parameters), decoded, d_operands.queries, layout.query(gradient),
                           d_decoded, true);
  }
  if (keys) {
    dense::linear_gradient(context, layout.key(parameters), encoded, d_operands.keys, layout.key(gradient), d_encoded,
                           true);
  }
}

int64_t AttentiveOutput::bytes(const Seq2SeqShape& shape, const Seq2SeqRoom& room) {
  const int64_t rows = room.texts * room.target_steps(), copies = room.training ? 8 : 4;
  return (rows * shape.units * copies + rows * room.tokens) * static_cast<int64_t>(sizeof(float));
}

}  // namespace matinee::engine
