#pragma once

#include <cstdint>
#include <vector>

#include "engine/models/seq2seq_shape.h"
#include "engine/models/seq2seq_texts.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// What of the encoder's top outputs stands for a text.
enum class TextPool {
  kLast,  // the one at the last token
  kMean,  // the mean over its tokens
};

// Vectors of pieces of texts (pieces × units), by a network of this shape with these parameters (host form). On the CPU
// the same bits for any number of threads, and for a piece whatever the other pieces are.
std::vector<float> encode_pieces(Context& context, const Seq2SeqShape& shape, const std::vector<float>& parameters,
                                 const TokenTexts& pieces, TextPool pool);

}  // namespace matinee::engine
