#pragma once

#include <cstdint>

#include "kernels/skip_gram/rows_ahead_cpu.h"
#include "kernels/skip_gram/training_operands.h"
#include "kernels/skip_gram/window_rows.h"

namespace matinee::skip_gram::cpu {

inline constexpr int64_t kAhead = 3;  // windows between the begin of a row's load and its use

// Windows of targets in order, each chosen a few windows ahead of its turn, when its rows begin to load: they lie far
// apart, and the processor does not foresee the negatives.
class WindowQueue {
 public:
  // Calls visit(words, learning rate, rows ahead, whose loads it begins) for each window that has a word beside its
  // target.
  template <typename Visit>
  [[gnu::always_inline]] void for_each(const TrainingOperands& operands, int64_t epoch, const Windows& windows,
                                       int64_t first, int64_t last, const Visit& visit) {
    const DrawsView draws = operands.draws().view();
    const Philox generator = draws.generator(epoch);
    const VectorsView<float> vectors = operands.vectors();
    const int64_t size = operands.corpus().size();
    RowsAhead ahead;
    for (int64_t target = first; target < last + kAhead; ++target) {
      ahead.count = 0;
      if (target < last) {
        WindowWords& words = words_[target % (kAhead + 1)];
        words.choose(windows, target, draws, generator);
        set_ahead(words, vectors, ahead);
      }
      const int64_t now = target - kAhead;
      const WindowWords* words = now < first ? nullptr : &words_[now % (kAhead + 1)];
      if (words == nullptr || words->inputs == 0) {
        for (int64_t k = 0; k < vectors.input.stride; k += kLanes) ahead.begin_loads(k);
        continue;
      }
      const int64_t place = windows.begin + windows.places[static_cast<std::size_t>(now)];
      visit(*words, learning_rate_at(operands.settings(), epoch, size, place), ahead);
    }
  }

 private:
  // Of the input rows the last: the others were in the window before. Where a document begins there was none.
  [[gnu::always_inline]] static void set_ahead(const WindowWords& words, const VectorsView<float>& vectors,
                                               RowsAhead& ahead) {
    if (words.inputs == 0) return;
    for (int j = 0; j < words.outputs; ++j) ahead.row[ahead.count++] = vectors.output.row(words.output[j]);
    const int first = words.begins_document ? 0 : words.inputs - 1;
    for (int i = first; i < words.inputs; ++i) ahead.row[ahead.count++] = vectors.input.row(words.input[i]);
  }

  WindowWords words_[kAhead + 1];
};

}  // namespace matinee::skip_gram::cpu
