#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/models/attentive_output.h"
#include "engine/models/lstm_stack.h"
#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_parameters.h"
#include "engine/models/seq2seq_shape.h"
#include "kernels/dense/adam_step.h"
#include "kernels/seq2seq/token_loss.h"
#include "kernels/support/array.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// What a step of training draws.
struct StepDraws {
  uint64_t seed = 0, step = 0;
  float dropout = 0;
  float loss_scale = 1;  // what the gradient is multiplied with
};

// An LSTM Seq2Seq with attention that reproduces its input (Sutskever, Vinyals and Le, NeurIPS 2014; attention: Luong,
// Pham and Manning, EMNLP 2015):
//   embedding → LSTM encoder of several layers → LSTM decoder that starts from the encoder's final states, whole texts
//   at once under teacher forcing → attention → tanh(W_c [context; h]) → vocabulary, in chunks of rows: the logits of
//   a batch never exist whole.
// One code for both devices: it sees device memory through operations only. All memory is allocated at construction.
class Seq2SeqNetwork {
 public:
  Seq2SeqNetwork(Context& context, const Seq2SeqShape& shape, const Seq2SeqRoom& room);
  Seq2SeqNetwork(const Seq2SeqNetwork&) = delete;
  Seq2SeqNetwork& operator=(const Seq2SeqNetwork&) = delete;

  const Seq2SeqShape& shape() const { return shape_; }
  const Seq2SeqRoom& room() const { return room_; }

  // In the host form of seq2seq_parameters.h. The running means of Adam's gradients and of their squares have the form
  // of the parameters; only in training.
  void set_parameters(Context& context, std::span<const float> host);
  std::vector<float> parameters(Context& context) const;
  void set_moments(Context& context, std::span<const float> mean, std::span<const float> square);
  std::vector<float> mean(Context& context) const { return to_host(context, mean_); }
  std::vector<float> square(Context& context) const { return to_host(context, square_); }
  std::vector<float> gradient(Context& context) const { return to_host(context, gradient_); }

  // Forward and backward with what is drawn; adds to sums() and to the gradient of the mean loss of a target token:
  // under the sigmoid loss of its sum over the vocabulary, for a mean would drown in Adam's epsilon.
  void differentiate(Context& context, const Seq2SeqBatch& batch, const StepDraws& draws);
  // Step number `step` (1, 2 …) of Adam with the gradient, which is zero afterwards. took_step(): whether the last one
  // was taken (AdamSettings::loss_scale); waits for the device.
  void descend(Context& context, const dense::AdamSettings& settings, int64_t step);
  bool took_step(Context& context) const;

  // Forward without dropout; adds to sums(). predictions(): for every target row the token of the highest logit.
  void evaluate(Context& context, const Seq2SeqBatch& batch);
  std::vector<int32_t> predictions(Context& context, int64_t rows) const;

  // The same without adding to sums().
  void predict(Context& context, const Seq2SeqBatch& batch);

  // Loss and right tokens of all calls of differentiate() and evaluate() since they were set.
  seq2seq::TokenSums sums(Context& context) const;
  void set_sums(Context& context, const seq2seq::TokenSums& sums);

  // The encoder alone. Its final states are where decode_step() starts from.
  void encode(Context& context, const Seq2SeqBatch& batch);
  // In host memory: (source rows × units), and the top layer's last outputs, (texts × units).
  std::vector<float> encoded(Context& context, int64_t rows) const;
  std::vector<float> last_outputs(Context& context, int64_t texts) const;

  // One step of the decoder for every text of the batch that encode() read, after it; `tokens`: what each reads.
  // `logits` null: only predictions(), of as many rows as texts; else it becomes (texts × vocabulary).
  void decode_step(Context& context, const Seq2SeqBatch& batch, std::span<const int32_t> tokens,
                   std::vector<float>* logits);
  // Before the next step text number n goes on from the state of text origins[n].
  void reorder_states(Context& context, std::span<const int32_t> origins);

  // About what one holds in memory, in bytes.
  static int64_t bytes(const Seq2SeqShape& shape, const Seq2SeqRoom& room);

 private:
  std::vector<const float*> layer_parameters(bool decoder) const;
  std::vector<float*> layer_gradients(bool decoder);
  std::vector<float> to_host(Context& context, const Array<float>& array) const;
  void forward(Context& context, const Seq2SeqBatch& batch, const LayerDropout* encoder, const LayerDropout* decoder);
  // Of rows begin .. begin+logits.rows of `mixed`.
  void chunk_logits(Context& context, const MatrixView<const float>& mixed, const MatrixView<float>& logits);
  void lose(Context& context, const Seq2SeqBatch& batch, float gradient_scale, Array<seq2seq::TokenSums>& sums);
  MatrixView<float> embedded(Array<float>& numbers, int64_t rows) {
    return {numbers.data(), rows, shape_.dimensions, shape_.dimensions};
  }

  Seq2SeqShape shape_;
  Seq2SeqRoom room_;
  LstmStack encoder_, decoder_;
  Seq2SeqLayout layout_;
  Array<float> parameters_, gradient_, mean_, square_;  // in the layout
  AttentiveOutput attention_;
  Array<float> source_vectors_, target_vectors_, d_vectors_;  // embedded tokens
  int64_t chunk_rows_;
  Array<float> logits_;  // (chunk_rows × vocabulary)
  Array<int32_t> predictions_;
  Array<seq2seq::TokenSums> sums_;
  Array<double> squares_;
  LstmStates encoded_states_, decoded_states_, d_states_;
  // Of single steps.
  seq2seq::PackedBatch step_batch_;
  seq2seq::TokenRows step_tokens_, origins_;
  std::vector<int32_t> step_lengths_;
  LstmStates next_states_;
  Array<int32_t> no_targets_;
  Array<seq2seq::TokenSums> no_sums_;
};

}  // namespace matinee::engine
