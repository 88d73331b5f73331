#include "kernels/skip_gram/windows.h"

#include <algorithm>

namespace matinee::skip_gram {
namespace {

// Whether the word at a place is kept, and its window.
struct Fate {
  bool kept;
  int window;
};

Fate fate_of(const CorpusView& corpus, const DrawsView& draws, const Philox& generator, int64_t place) {
  const Philox::Block drawn = draws.draws(generator, place, 0);
  return {drawn[0] <= draws.keep[corpus.words[place]], draws.drawn_window(drawn[1])};
}

// From where on, in [document_begin, place), as many words are kept as a window can hold.
int64_t reach_before(const CorpusView& corpus, const DrawsView& draws, const Philox& generator, int64_t document_begin,
                     int64_t place) {
  for (int kept = 0; place > document_begin && kept < draws.window; --place) {
    kept += fate_of(corpus, draws, generator, place - 1).kept;
  }
  return place;
}

int64_t reach_after(const CorpusView& corpus, const DrawsView& draws, const Philox& generator, int64_t document_end,
                    int64_t place) {
  for (int kept = 0; place < document_end && kept < draws.window; ++place) {
    kept += fate_of(corpus, draws, generator, place).kept;
  }
  return place;
}

}  // namespace

int64_t Windows::pairs() const {
  int64_t sum = 0;
  for (int64_t t = first; t < last; ++t) sum += left[static_cast<std::size_t>(t)] + right[static_cast<std::size_t>(t)];
  return sum;
}

// The document's part of the range, with what windows reach of it.
void Windows::add_document(const CorpusView& corpus, const DrawsView& draws, const Philox& generator,
                           int64_t document_begin, int64_t document_end) {
  int64_t from = std::max(begin, document_begin), to = std::min(end, document_end);
  if (from > document_begin) from = reach_before(corpus, draws, generator, document_begin, from);
  if (to < document_end) to = reach_after(corpus, draws, generator, document_end, to);
  const auto start = static_cast<int64_t>(words.size());
  for (int64_t place = from; place < to; ++place) {
    if (place == begin) first = static_cast<int64_t>(words.size());
    if (place == end) last = static_cast<int64_t>(words.size());
    const Fate fate = fate_of(corpus, draws, generator, place);
    if (!fate.kept) continue;
    words.push_back(corpus.words[place]);
    places.push_back(static_cast<int32_t>(place - begin));
    drawn_.push_back(static_cast<uint8_t>(fate.window));
  }
  const auto stop = static_cast<int64_t>(words.size());
  for (int64_t t = start; t < stop; ++t) {
    const int64_t window = drawn_[static_cast<std::size_t>(t)];
    left.push_back(static_cast<uint8_t>(std::min(window, t - start)));
    right.push_back(static_cast<uint8_t>(std::min(window, stop - 1 - t)));
  }
}

void Windows::collect(const CorpusView& corpus, const DrawsView& draws, int64_t epoch, int64_t first_word,
                      int64_t end_word) {
  begin = first_word;
  end = end_word;
  words.clear();
  places.clear();
  left.clear();
  right.clear();
  drawn_.clear();
  first = 0;
  last = -1;
  if (begin == end) {
    last = 0;
    return;
  }
  const Philox generator = draws.generator(epoch);
  const auto offsets = corpus.all_offsets();
  auto document = std::upper_bound(offsets.begin(), offsets.end(), begin) - 1;
  for (; document + 1 < offsets.end() && *document < end; ++document) {
    add_document(corpus, draws, generator, *document, *(document + 1));
  }
  if (last < 0) last = static_cast<int64_t>(words.size());
}

}  // namespace matinee::skip_gram
