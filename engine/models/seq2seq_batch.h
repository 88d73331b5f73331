#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/models/seq2seq_shape.h"
#include "kernels/seq2seq/embedding.h"
#include "kernels/seq2seq/packed_batch.h"
#include "kernels/support/array.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// A batch of texts that a network reproduces, in the memory of the device: the encoder reads the tokens of a text, the
// decoder reads Vocabulary::kBegin and the tokens, and its targets are the tokens and Vocabulary::kEnd.
class Seq2SeqBatch {
 public:
  Seq2SeqBatch(Context& context, const Seq2SeqRoom& room, int64_t vocabulary);

  // Tokens of each text, 1 or more, longest text first.
  void assign(Context& context, std::span<const std::span<const int32_t>> texts);
  // In place of what the decoder reads at row r > 0 of each text: replaced[r] where it is not negative; rows as the
  // target batch orders them.
  void replace_inputs(Context& context, std::span<const int32_t> replaced);

  int64_t texts() const { return source_.sequences(); }
  int64_t target_tokens() const { return target_.rows(); }
  const seq2seq::PackedBatch& source() const { return source_; }
  const seq2seq::PackedBatch& target() const { return target_; }
  const seq2seq::TokenRows& source_tokens() const { return source_tokens_; }
  const seq2seq::TokenRows& input_tokens() const { return input_tokens_; }
  const int32_t* targets() const { return targets_.data(); }
  // The same in host memory.
  std::span<const int32_t> host_targets() const { return host_targets_; }

 private:
  seq2seq::PackedBatch source_, target_;
  seq2seq::TokenRows source_tokens_, input_tokens_;
  Array<int32_t> targets_;
  std::vector<int32_t> source_lengths_, target_lengths_, host_source_, host_inputs_, host_targets_;
};

}  // namespace matinee::engine
