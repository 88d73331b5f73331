#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_network.h"
#include "engine/models/seq2seq_texts.h"

namespace matinee::engine {

// How well texts are reproduced, without dropout. Target tokens are those of the texts and the end of each.
struct TextMeasures {
  double loss = 0;                   // mean of a target token, teacher forced
  double token_accuracy = 0;         // share of target tokens that the highest logit gets right, teacher forced
  double free_running_accuracy = 0;  // the same where the decoder reads its own predictions
  double exact_sequences = 0;        // share of texts that it reproduces so without a mistake
};

// Of the pieces with these numbers; there is at least one. Leaves the network's sums as they were. Calls `advance`
// after each batch.
TextMeasures measure_texts(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch, const TokenTexts& texts,
                           const std::vector<int64_t>& pieces, const std::function<void()>& advance);

// The share of target tokens of `texts` that the most frequent one of `train` is: what knows no input gets right.
double unigram_baseline(const TokenTexts& train, const TokenTexts& texts);
// The share of target tokens of `texts` that `train` never has.
double unseen_share(const TokenTexts& train, const TokenTexts& texts);

}  // namespace matinee::engine
