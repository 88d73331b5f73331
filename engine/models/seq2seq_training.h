#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/models/seq2seq_shape.h"
#include "engine/models/seq2seq_texts.h"
#include "engine/parameters.h"
#include "engine/training_monitor.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// How a network learns.
struct Seq2SeqOptions {
  enum class Schedule { kConstant, kLinear };

  int64_t epochs = 27, batch = 35;
  double learning_rate = 0.002;
  Schedule schedule = Schedule::kConstant;
  double dropout = 0.2, clip_norm = 5;
  double forcing_start = 1, forcing_end = 1;  // share of inputs that are the text's own tokens
  int64_t most_tokens = 64;
  double validation_share = 0.1;
  int64_t patience = 0, measured_texts = 1000;

  // Of epoch 0 … epochs-1.
  double rate_of_epoch(int64_t epoch) const;
  double forcing_of_epoch(int64_t epoch) const;
  Seq2SeqRoom room() const { return {batch, most_tokens, true}; }
  void describe(Parameters& parameters);
};

// What a network learns from.
struct Seq2SeqTask {
  const TokenTexts* train = nullptr;
  const TokenTexts* held_out = nullptr;  // may be empty
  Seq2SeqShape shape;
  uint64_t seed = 0;
};

// What it reports beside the loss of its steps: of what is learnt from, and of what is held out.
inline constexpr auto kSeq2SeqMetrics = std::to_array<std::string_view>(
    {"train_loss", "train_token_accuracy", "train_free_running_accuracy", "train_exact_sequences",
     "train_unigram_baseline", "validation_loss", "validation_token_accuracy", "validation_free_running_accuracy",
     "validation_exact_sequences", "validation_unigram_baseline", "validation_unseen_tokens"});

// Trains from `start` (host form), or goes on from the monitor's checkpoint, and returns the parameters in the host
// form: those after the last epoch or, with patience, those of the epoch with the least loss on what is held out.
// Reports of each epoch the mean loss of a target token and the measures of seq2seq_measures.h. Checkpoints are offered
// after each batch. Error(kDiverged) where the loss is not finite.
std::vector<float> train_seq2seq(Context& context, const Seq2SeqTask& task, const Seq2SeqOptions& options,
                                 const std::vector<float>& start, TrainingMonitor& monitor);

}  // namespace matinee::engine
