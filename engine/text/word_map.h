#pragma once

#include <cstdint>
#include <vector>

#include "engine/text/word_vectors.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// A picture of the most frequent words: where their vectors, scaled to length 1 as cosines compare them, lie along
// their first two principal components.
struct WordMap {
  struct Point {
    int32_t id;
    double x, y;  // mean 0
  };
  std::vector<Point> points;        // by falling count
  double x_share = 0, y_share = 0;  // of the variance of these words, 0 … 1
};

// Of the first `most` words of the vocabulary.
WordMap map_of_words(Context& context, const WordVectors& words, int64_t most);

}  // namespace matinee::engine
