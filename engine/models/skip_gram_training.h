#pragma once

#include <cstdint>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/training_monitor.h"
#include "kernels/skip_gram/corpus_view.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/vectors_view.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// The words of a corpus that the vocabulary knows, numbered from 0: what skip-gram trains on.
struct KnownWords {
  std::vector<int64_t> offsets = {0};  // (documents + 1)
  std::vector<int32_t> words;
  std::vector<int64_t> counts;  // by word
  bool has_pairs = false;       // some document has two words

  explicit KnownWords(const Corpus& corpus);
  skip_gram::CorpusView view() const;
};

// Vectors in training form: rows padded, by word.
struct SkipGramState {
  int64_t words = 0, dimensions = 0, stride = 0;
  Buffer<float> input, output;  // (words, stride)

  SkipGramState(int64_t words, int64_t dimensions);
  static int64_t bytes(int64_t words, int64_t dimensions);
  skip_gram::VectorsView<float> view();
};

// Trains `state`, or goes on from the monitor's checkpoint. Reports the mean loss of a pair and the words per second of
// each epoch. Error(kDiverged) where the loss or a vector is not finite.
void train_skip_gram(Context& context, const KnownWords& corpus, const skip_gram::Settings& settings,
                     TrainingMonitor& monitor, SkipGramState& state);

}  // namespace matinee::engine
