#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_network.h"

namespace matinee::engine {

// What the decoder says to the texts of the batch where it reads its own most probable tokens: by step, the token of
// each text; after the end of a text it goes on. The same bits on every run.
std::vector<std::vector<int32_t>> greedy_steps(Context& context, Seq2SeqNetwork& network, const Seq2SeqBatch& batch,
                                               int64_t steps);

// The same for one text: up to the token that ends it, which is left out, or `most_tokens`.
std::vector<int32_t> decode_greedily(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch,
                                     std::span<const int32_t> text, int64_t most_tokens);

// By beam search: of the `width` (1 … the network's room for texts) most probable beginnings, all that follow them are
// looked at in each step; the most probable whole text by the mean logarithm of its tokens' probabilities remains.
// Tokens' probabilities are softmax or, with the sigmoid loss, σ of the logits. Ties go to the earlier beginning, then
// to the smaller token.
std::vector<int32_t> decode_by_beam(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch,
                                    std::span<const int32_t> text, int64_t most_tokens, int64_t width);

}  // namespace matinee::engine
