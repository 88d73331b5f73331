#pragma once

#include <vector>

#include "kernels/seq2seq/attention.h"
#include "tests/support/packed_rows.h"

namespace matinee::test {

inline constexpr seq2seq::AttentionScore kAttentionScores[] = {seq2seq::AttentionScore::kDot,
                                                               seq2seq::AttentionScore::kAdditive};

struct AttentionShape {
  int64_t sequences;
  int32_t source_steps, target_steps;  // of the longest
  int64_t units, dimensions;
  bool keys_are_values = false;
};

// Operands of attention, all sequences of a batch, and the gradient of its contexts.
struct AttentionProblem {
  std::vector<int32_t> source_lengths, target_lengths;
  NaiveAttention operands;
  Matrix d_contexts;
  bool keys_are_values;

  AttentionProblem(const AttentionShape& shape, uint64_t seed);

  seq2seq::PackedBatch source(Context& context) const;
  seq2seq::PackedBatch target(Context& context) const;
};

struct AttentionResult {
  Matrix weights, contexts;
  NaiveAttention gradient;
};

// Forward and backward `calls` times, gradients on top of each other; weights have a column more than they need.
AttentionResult attention_by_operation(Context& context, seq2seq::AttentionScore score, const AttentionProblem& problem,
                                       int calls);

}  // namespace matinee::test
