#pragma once

#include <cstdint>

#include "kernels/seq2seq/token_loss.h"

namespace matinee::engine {

enum class Seq2SeqAttention {
  kDot,       // decoder output · encoder output
  kGeneral,   // the same with the decoder output projected
  kAdditive,  // v · tanh(projected decoder output + projected encoder output)
};

// What determines the parameters of a network.
struct Seq2SeqShape {
  int64_t vocabulary = 0;  // tokens, the special ones among them
  int64_t dimensions = 0;  // of the embedding, which encoder and decoder share
  int64_t layers = 0, units = 0;
  Seq2SeqAttention attention = Seq2SeqAttention::kDot;
  seq2seq::TokenLoss loss = seq2seq::TokenLoss::kSoftmax;
};

// The largest batch of texts that a network will see: its memory is allocated once.
struct Seq2SeqRoom {
  int64_t texts = 0, tokens = 0;  // tokens of the longest text
  bool training = false;          // else only forward

  int64_t target_steps() const { return tokens + 1; }  // with the token that ends a text
};

}  // namespace matinee::engine
