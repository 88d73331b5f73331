#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/skip_gram/corpus_view.h"
#include "kernels/skip_gram/draws.h"

namespace matinee::skip_gram {

// The windows of the words begin .. end-1 of an epoch: what subsampling keeps of the corpus there, and a little before
// and after where windows reach beyond. The window of a word does not depend on where the range begins and ends.
struct Windows {
  int64_t begin = 0, end = 0;        // words of the corpus
  std::vector<int32_t> words;        // kept ones, in the order of the corpus
  std::vector<int32_t> places;       // (words): in the corpus, from `begin` on; negative before it
  std::vector<uint8_t> left, right;  // (words): how many of `words` on each side belong to the window
  int64_t first = 0, last = 0;       // words[first] .. words[last - 1] lie in the range: the targets

  int64_t targets() const { return last - first; }
  int64_t pairs() const;  // of a target and a word of its window
  void collect(const CorpusView& corpus, const DrawsView& draws, int64_t epoch, int64_t first_word, int64_t end_word);

 private:
  void add_document(const CorpusView& corpus, const DrawsView& draws, const Philox& generator, int64_t document_begin,
                    int64_t document_end);
  std::vector<uint8_t> drawn_;  // (words): the window's half width as drawn
};

}  // namespace matinee::skip_gram
