#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "kernels/skip_gram/corpus_view.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/train_words.h"
#include "kernels/skip_gram/vectors_view.h"
#include "kernels/support/buffer.h"

namespace matinee::test {

// Documents of random words, frequent ones more often, and vectors that are trained on them. Some documents are empty
// and some of one word.
struct WordsProblem {
  WordsProblem(int32_t vocabulary, int64_t documents, int64_t most_words, int64_t dimensions, uint64_t seed);

  skip_gram::CorpusView corpus() const;
  skip_gram::VectorsView<float> vectors();
  WordsProblem copy() const;
  // Input rows, then output rows, with their padding.
  std::vector<float> numbers() const;
  // Draws for output rows, too: at the start of a training they are zero.
  void draw_vectors(uint64_t seed, double size);

  int64_t dimensions, stride;
  std::vector<int64_t> offsets, counts;
  std::vector<int32_t> words;
  Buffer<float> input, output;
};

// A problem and how it is trained, as tests by shape have them.
struct WordsShape {
  int32_t vocabulary;
  int64_t documents, most_words, dimensions;
  int window, negatives;
  double subsample = 0;

  WordsProblem problem(uint64_t seed) const { return {vocabulary, documents, most_words, dimensions, seed}; }
  // Of three epochs.
  skip_gram::Settings settings(float learning_rate, bool deterministic, uint64_t seed) const;
};

// As the name of a test has it.
std::ostream& operator<<(std::ostream& out, const WordsShape& shape);

// Words of `groups` groups of `size` that never meet: documents of 6 words, each of one group. And how many words have
// one of their group nearest to them, by the cosine of input vectors.
WordsProblem groups_of_words(int32_t groups, int32_t size, int64_t documents, uint64_t seed);
double in_their_groups(WordsProblem& problem, int32_t size);

// Trains all epochs of `settings`, each in so many calls as its granules make.
std::vector<skip_gram::Trained> train_all(Context& context, WordsProblem& problem, const skip_gram::Settings& settings,
                                          int64_t granules_at_once = 1 << 20);

// One epoch as the contract has it, in double, one window after the other, each from the vectors as they were at the
// start of its round; 0 words a round, and with softmax: as the one before left them. Changes the problem's vectors,
// returns what train_words() does.
skip_gram::Trained reference_epoch(WordsProblem& problem, const skip_gram::Settings& settings, int64_t epoch,
                                   int64_t round_words);

// The step of the first two words of a problem, in one call of train_words(), is the negative gradient of its loss, by
// finite differences of train_words() itself. `settings`: with so many epochs that the learning rate stays what it is.
void expect_step_of_loss(const WordsProblem& problem, skip_gram::Settings settings);

}  // namespace matinee::test
