#include <algorithm>

#include "kernels/dense/elementary.h"
#include "kernels/dense/gemm_cpu.h"
#include "kernels/seq2seq/attention.h"
#include "kernels/support/buffer.h"
#include "kernels/support/multiversion.h"

// A sequence at a time: its rows are gathered, the sums over steps are small matrix products.
namespace matinee::seq2seq {
namespace {

// Rows of one sequence, one after the other.
struct Block {
  Buffer<float> numbers;
  MatrixView<float> view;

  void shape(int64_t rows, int64_t columns) {
    if (numbers.size() < rows * columns) numbers = Buffer<float>(rows * columns);
    view = {numbers.data(), rows, columns, columns};
  }
  void gather(const PackedBatch& batch, int64_t sequence, const MatrixView<const float>& from) {
    shape(batch.lengths()[static_cast<std::size_t>(sequence)], from.columns);
    for (int64_t step = 0; step < view.rows; ++step) {
      std::copy_n(from.row(batch.offsets()[static_cast<std::size_t>(step)] + sequence), view.columns, view.row(step));
    }
  }
  void scatter(const PackedBatch& batch, int64_t sequence, const MatrixView<float>& to) const {
    for (int64_t step = 0; step < view.rows; ++step) {
      std::copy_n(view.row(step), view.columns, to.row(batch.offsets()[static_cast<std::size_t>(step)] + sequence));
    }
  }
  void add_to(const PackedBatch& batch, int64_t sequence, const MatrixView<float>& to) const {
    for (int64_t step = 0; step < view.rows; ++step) {
      float* sums = to.row(batch.offsets()[static_cast<std::size_t>(step)] + sequence);
      for (int64_t column = 0; column < view.columns; ++column) sums[column] += view(step, column);
    }
  }
};

struct Scratch {
  Block queries, keys, values, weights, contexts, d_weights, d_rows;
  dense::PackedMatrix packed;
  dense::GemmScratch gemm;
  Buffer<float> tanhs;

  // result = left · right
  void multiply(const dense::GemmOperand& left, const dense::GemmOperand& right, Block& result) {
    result.shape(left.rows, right.columns);
    packed.pack(right);
    dense::multiply(left, packed, false, result.view, gemm);
  }
};

Scratch& scratch_of_thread() {
  static thread_local Scratch scratch;
  return scratch;
}

MATINEE_MULTIVERSION_FUSED float additive_score(const float* query, const float* key, const float* v, int64_t units,
                                                float* tanhs) {
  constexpr int64_t kLanes = 16;
  for (int64_t n = 0; n < units; ++n) tanhs[n] = v[n] * dense::hyperbolic_tangent(query[n] + key[n]);
  float lanes[kLanes] = {};
  for (int64_t n = 0; n < units; n += kLanes) {
    const int64_t width = std::min(kLanes, units - n);
    for (int64_t lane = 0; lane < width; ++lane) lanes[lane] += tanhs[n + lane];
  }
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

MATINEE_MULTIVERSION_FUSED void additive_gradient(const float* query, const float* key, const float* v, float d_score,
                                                  int64_t units, float* d_query, float* d_key, float* d_v) {
  for (int64_t n = 0; n < units; ++n) {
    const float squashed = dense::hyperbolic_tangent(query[n] + key[n]);
    const float d_sum = d_score * v[n] * fmaf(-squashed, squashed, 1.0f);
    d_v[n] = fmaf(d_score, squashed, d_v[n]);
    d_query[n] += d_sum;
    d_key[n] += d_sum;
  }
}

void additive_scores(const float* v, Scratch& scratch) {
  const MatrixView<float>&queries = scratch.queries.view, &keys = scratch.keys.view;
  scratch.weights.shape(queries.rows, keys.rows);
  if (scratch.tanhs.size() < keys.columns) scratch.tanhs = Buffer<float>(keys.columns);
  for (int64_t step = 0; step < queries.rows; ++step) {
    for (int64_t source = 0; source < keys.rows; ++source) {
      scratch.weights.view(step, source) =
          additive_score(queries.row(step), keys.row(source), v, keys.columns, scratch.tanhs.data());
    }
  }
}

MATINEE_MULTIVERSION_FUSED void softmax(float* numbers, int64_t count) {
  float top = numbers[0], sum = 0;
  for (int64_t n = 1; n < count; ++n) top = numbers[n] > top ? numbers[n] : top;
  for (int64_t n = 0; n < count; ++n) numbers[n] = dense::exponential(numbers[n] - top);
  for (int64_t n = 0; n < count; ++n) sum += numbers[n];
  for (int64_t n = 0; n < count; ++n) numbers[n] /= sum;
}

// d_weights become the gradient of the scores.
void softmax_gradient(const MatrixView<float>& weights, const MatrixView<float>& d_weights) {
  for (int64_t step = 0; step < weights.rows; ++step) {
    float mean = 0;
    for (int64_t s = 0; s < weights.columns; ++s) mean += weights(step, s) * d_weights(step, s);
    for (int64_t s = 0; s < weights.columns; ++s) d_weights(step, s) = weights(step, s) * (d_weights(step, s) - mean);
  }
}

void gather(const PackedBatch& source, const PackedBatch& target, int64_t sequence,
            const AttentionView<const float>& operands, Scratch& scratch) {
  scratch.queries.gather(target, sequence, operands.queries);
  scratch.keys.gather(source, sequence, operands.keys);
  scratch.values.gather(source, sequence, operands.values);
}

void keep_weights(const PackedBatch& target, int64_t sequence, const MatrixView<const float>& own,
                  const MatrixView<float>& weights) {
  for (int64_t step = 0; step < own.rows; ++step) {
    float* row = weights.row(target.offsets()[static_cast<std::size_t>(step)] + sequence);
    std::copy_n(own.row(step), own.columns, row);
    std::fill(row + own.columns, row + weights.columns, 0.0f);
  }
}

void additive_gradients(const float* v, Scratch& scratch, Block& d_keys, float* d_v) {
  const MatrixView<float>&queries = scratch.queries.view, &keys = scratch.keys.view;
  scratch.d_rows.shape(queries.rows, queries.columns);
  d_keys.shape(keys.rows, keys.columns);
  std::fill_n(scratch.d_rows.view.data, queries.rows * queries.columns, 0.0f);
  std::fill_n(d_keys.view.data, keys.rows * keys.columns, 0.0f);
  for (int64_t step = 0; step < queries.rows; ++step) {
    for (int64_t source = 0; source < keys.rows; ++source) {
      additive_gradient(queries.row(step), keys.row(source), v, scratch.d_weights.view(step, source), keys.columns,
                        scratch.d_rows.view.row(step), d_keys.view.row(source), d_v);
    }
  }
}

}  // namespace

void attend_cpu(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                const AttentionView<const float>& operands, const MatrixView<float>& weights,
                const MatrixView<float>& contexts) {
  context.pool().run(target.sequences(), [&](int64_t sequence, int) {
    Scratch& scratch = scratch_of_thread();
    gather(source, target, sequence, operands, scratch);
    if (score == AttentionScore::kAdditive) {
      additive_scores(operands.v, scratch);
    } else {
      scratch.multiply(dense::as_is(scratch.queries.view), dense::transposed(scratch.keys.view), scratch.weights);
    }
    const MatrixView<float>& own = scratch.weights.view;
    for (int64_t step = 0; step < own.rows; ++step) softmax(own.row(step), own.columns);
    scratch.multiply(dense::as_is(own), dense::as_is(scratch.values.view), scratch.contexts);
    keep_weights(target, sequence, own, weights);
    scratch.contexts.scatter(target, sequence, contexts);
  });
}

void attend_gradient_cpu(Context& context, AttentionScore score, const PackedBatch& source, const PackedBatch& target,
                         const AttentionView<const float>& operands, const MatrixView<const float>& weights,
                         const MatrixView<const float>& d_contexts, const AttentionView<float>& gradient) {
  const bool additive = score == AttentionScore::kAdditive;
  const int64_t units = operands.keys.columns;
  Buffer<float> d_v(additive ? target.sequences() * units : 0);  // of each sequence, added up in their order
  context.pool().run(target.sequences(), [&](int64_t sequence, int) {
    Scratch& scratch = scratch_of_thread();
    gather(source, target, sequence, operands, scratch);
    scratch.contexts.gather(target, sequence, d_contexts);
    const int64_t steps = scratch.keys.view.rows;
    scratch.weights.gather(target, sequence, {weights.data, weights.rows, steps, weights.stride});
    const dense::GemmOperand d_context = dense::as_is(scratch.contexts.view);
    scratch.multiply(d_context, dense::transposed(scratch.values.view), scratch.d_weights);
    softmax_gradient(scratch.weights.view, scratch.d_weights.view);
    Block& d_source = scratch.values;  // no longer needed
    scratch.multiply(dense::transposed(scratch.weights.view), d_context, d_source);
    d_source.add_to(source, sequence, gradient.values);
    if (additive) {
      additive_gradients(operands.v, scratch, d_source, d_v.data() + sequence * units);
    } else {
      scratch.multiply(dense::as_is(scratch.d_weights.view), dense::as_is(scratch.keys.view), scratch.d_rows);
      scratch.multiply(dense::transposed(scratch.d_weights.view), dense::as_is(scratch.queries.view), d_source);
    }
    scratch.d_rows.add_to(target, sequence, gradient.queries);
    d_source.add_to(source, sequence, gradient.keys);
  });
  for (int64_t n = 0; n < d_v.size(); ++n) gradient.v[n % units] += d_v[n];
}

}  // namespace matinee::seq2seq
