#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/text/corpus.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// A text and what a model says when it is to say it again.
struct DecodedText {
  std::string text;  // as the model reads it
  std::string greedy, beam;
  bool held_out = false;  // not learnt from
};

// A trained model that turns any text into a vector: the interest that the text speaks of.
class TextEncoder {
 public:
  virtual ~TextEncoder() = default;

  virtual int64_t vector_dimensions() const = 0;
  // vectors (texts × dimensions), in host memory; zero for a text without words. The same bits for any number of
  // threads.
  virtual void encode(Context& context, std::span<const std::string> texts, const MatrixView<float>& vectors) const = 0;

  // Some texts of the corpus that it was trained on with this seed, learnt from and held out, said again.
  virtual std::vector<DecodedText> sample_texts(Context& context, const Corpus& corpus, uint64_t seed) const = 0;
};

}  // namespace matinee::engine
