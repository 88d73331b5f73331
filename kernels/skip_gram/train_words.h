#pragma once

#include <cstdint>

#include "kernels/skip_gram/training_operands.h"
#include "kernels/support/context.h"

namespace matinee::skip_gram {

// Part of an epoch: the words begin .. end-1 of the corpus. `begin` is a multiple of granule(), `end` too or the end of
// the corpus.
struct WordRange {
  int64_t epoch = 0;  // 0 .. settings.epochs-1
  int64_t begin = 0, end = 0;
};

struct Trained {
  double loss = 0;    // Σ over pairs of a word and a neighbour, each taken just before its step; NaN: diverged
  int64_t pairs = 0;  // that were trained: loss / pairs is the mean
  int64_t words = 0;  // end - begin

  bool operator==(const Trained&) const = default;
};

// Skip-gram (Mikolov et al., "Distributed representations of words and phrases and their compositionality", NeurIPS
// 2013). Each word o that subsampling keeps is a target: for each kept word c of its window,
//   L = -ln σ(output_o · input_c) - Σ_n ln σ(-output_n · input_c), with `negatives` words n ~ count^0.75 that are drawn
// once for the window and shared by it (as Ji et al., "Parallelizing word2vec in shared and distributed memory", 2016),
// those equal to o left out; or L = -ln softmax(output · input_c)_o. One step of gradient descent per window, or with
// softmax per word of it.
// What is kept, windows and negatives depend on (seed, epoch, place of the word) alone.
//
// Deterministic: an epoch is cut into rounds of some hundred words. All windows of a round are taken from the vectors
// at its start; their steps are added up in integers of 2^-24, which no order changes, and applied together. So the
// result is the same bytes for any number of threads and on CUDA, whatever a device does first, and a window still
// reads and writes each of its rows once. A round is as long as keeps the sum of learning rates over the pairs of the
// word that stands in the most of them below a bound (round_words()): frequent words would overshoot otherwise.
// With softmax each step is taken from the vectors as the one before left them, whatever the mode; sums over all words
// have one written order (softmax_sums.h), so that the result is the same bytes on CUDA too.
// Lock-free: windows on all threads change the vectors at once, as Hogwild; the result differs from run to run.
//
// Throws Error(kConfig) for a range that is none.
Trained train_words(Context& context, const TrainingOperands& operands, const WordRange& range);

// The same for operands that are needed once; leaves the result in `vectors`. Errors as TrainingOperands, too.
Trained train_words(Context& context, const CorpusView& corpus, const Settings& settings, const WordRange& range,
                    const VectorsView<float>& vectors);

Trained train_words_cpu(Context& context, const TrainingOperands& operands, const WordRange& range);

}  // namespace matinee::skip_gram
