#include "tests/support/attention_problem.h"

#include <numeric>

namespace matinee::test {
namespace {

seq2seq::PackedBatch batch_of(Context& context, const std::vector<int32_t>& lengths) {
  seq2seq::PackedBatch batch(context, static_cast<int64_t>(lengths.size()), lengths.empty() ? 0 : lengths.front());
  batch.assign(context, lengths);
  return batch;
}

int64_t rows_of(const std::vector<int32_t>& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
}

}  // namespace

AttentionProblem::AttentionProblem(const AttentionShape& shape, uint64_t seed)
    : source_lengths(random_lengths(seed, shape.sequences, shape.source_steps)),
      target_lengths(random_lengths(seed + 1, shape.sequences, shape.target_steps)),
      keys_are_values(shape.keys_are_values) {
  operands.queries = random_matrix(seed, 1, rows_of(target_lengths), shape.units, 0.5);
  operands.keys = random_matrix(seed, 2, rows_of(source_lengths), shape.units, 0.5);
  operands.values =
      shape.keys_are_values ? operands.keys : random_matrix(seed, 3, rows_of(source_lengths), shape.dimensions);
  operands.v = random_matrix(seed, 4, 1, shape.units);
  d_contexts = random_matrix(seed, 5, operands.queries.rows(), operands.values.cols());
}

seq2seq::PackedBatch AttentionProblem::source(Context& context) const {
  return batch_of(context, source_lengths);
}

seq2seq::PackedBatch AttentionProblem::target(Context& context) const {
  return batch_of(context, target_lengths);
}

AttentionResult attention_by_operation(Context& context, seq2seq::AttentionScore score, const AttentionProblem& problem,
                                       int calls) {
  const NaiveAttention& all = problem.operands;
  const seq2seq::PackedBatch source = problem.source(context), target = problem.target(context);
  DeviceRows queries(context, all.queries), keys(context, all.keys), values(context, all.values), v(context, all.v);
  DeviceRows d_queries(context, 0 * all.queries), d_keys(context, 0 * all.keys), d_values(context, 0 * all.values);
  DeviceRows d_v(context, 0 * all.v), d_contexts(context, problem.d_contexts);
  DeviceRows weights(context, Matrix::Constant(all.queries.rows(), source.steps() + 1, 7));
  DeviceRows contexts(context, 0 * problem.d_contexts);
  const bool same = problem.keys_are_values;
  const seq2seq::AttentionView<const float> operands = {queries.view(), keys.view(), same ? keys.view() : values.view(),
                                                        v.view().data};
  const seq2seq::AttentionView<float> gradient = {d_queries.view(), d_keys.view(),
                                                  same ? d_keys.view() : d_values.view(), d_v.view().data};
  for (int call = 0; call < calls; ++call) {
    seq2seq::attend(context, score, source, target, operands, weights.view(), contexts.view());
    seq2seq::attend_gradient(context, score, source, target, operands, weights.view(), d_contexts.view(), gradient);
  }
  return {weights.numbers(),
          contexts.numbers(),
          {d_queries.numbers(), d_keys.numbers(), d_values.numbers(), d_v.numbers()}};
}

}  // namespace matinee::test
