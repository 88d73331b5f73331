#pragma once

#include <cstdint>
#include <vector>

#include "engine/text/vocabulary.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// What a model that represents words has learnt. Views of the model, valid while it lives unchanged.
struct WordVectors {
  const Vocabulary* vocabulary = nullptr;
  MatrixView<const float> vectors;  // (vocabulary size × dimensions); rows of special tokens are zero
};

struct ScoredWord {
  int32_t id;
  float similarity;  // cosine, -1 … 1
};

// The `count` words whose vectors have the highest cosine with that of word `id`, best first, ties by id, without
// itself and the special tokens. The cosine with a zero vector is 0. Sums are in double, in the order of the columns.
std::vector<ScoredWord> nearest_words(const WordVectors& words, int32_t id, int64_t count);

}  // namespace matinee::engine
