#pragma once

#include <cstdint>

#include "kernels/skip_gram/training_operands.h"
#include "kernels/skip_gram/window_rows.h"

namespace matinee::skip_gram::cpu {

inline constexpr int64_t kAhead = 3;  // windows between the begin of a row's load and its use

[[gnu::always_inline]] inline void prefetch_row(const void* row, int64_t stride) {
  constexpr int64_t kLineBytes = 64;
  for (int64_t at = 0; at < stride * static_cast<int64_t>(sizeof(float)); at += kLineBytes) {
    __builtin_prefetch(static_cast<const char*>(row) + at, 1);
  }
}

// Windows of targets in order, each chosen a few windows ahead of its turn, when its rows begin to load: they lie far
// apart, and the processor does not foresee the negatives.
class WindowQueue {
 public:
  // Calls visit(words, learning rate) for each window that has a word beside its target.
  template <typename Visit>
  [[gnu::always_inline]] void for_each(const TrainingOperands& operands, int64_t epoch, const Windows& windows,
                                       int64_t first, int64_t last, const Visit& visit) {
    const DrawsView draws = operands.draws().view();
    const Philox generator = draws.generator(epoch);
    const VectorsView<float> vectors = operands.vectors();
    const int64_t size = operands.corpus().size();
    for (int64_t target = first; target < last + kAhead; ++target) {
      if (target < last) {
        WindowWords& words = words_[target % (kAhead + 1)];
        words.choose(windows, target, draws, generator);
        begin_loads(words, vectors);
      }
      const int64_t now = target - kAhead;
      if (now < first) continue;
      const WindowWords& words = words_[now % (kAhead + 1)];
      if (words.inputs == 0) continue;
      const int64_t place = windows.begin + windows.places[static_cast<std::size_t>(now)];
      visit(words, learning_rate_at(operands.settings(), epoch, size, place));
    }
  }

 private:
  // Of the input rows the last: the others were in the window before.
  [[gnu::always_inline]] static void begin_loads(const WindowWords& words, const VectorsView<float>& vectors) {
    if (words.inputs == 0) return;
    const int64_t stride = vectors.input.stride;
    for (int j = 0; j < words.outputs; ++j) prefetch_row(vectors.output.row(words.output[j]), stride);
    prefetch_row(vectors.input.row(words.input[words.inputs - 1]), stride);
  }

  WindowWords words_[kAhead + 1];
};

}  // namespace matinee::skip_gram::cpu
