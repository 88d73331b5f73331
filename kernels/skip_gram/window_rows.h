#pragma once

#include <cstdint>

#include "kernels/skip_gram/draws.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/windows.h"

namespace matinee::skip_gram {

// The words of one window: those around the target, whose input vectors it changes, and the target, then its
// negatives, whose output vectors it changes.
struct WindowWords {
  int inputs = 0, outputs = 0;
  bool begins_document = false;
  int32_t input[2 * kMostWindow];
  int32_t output[1 + kMostNegatives];

  void choose(const Windows& windows, int64_t target, const DrawsView& draws, const Philox& generator) {
    const auto at = static_cast<std::size_t>(target);
    const int32_t* word = windows.words.data() + target;
    inputs = 0;
    begins_document = windows.left[at] == 0;
    for (int distance = windows.left[at]; distance > 0; --distance) input[inputs++] = word[-distance];
    for (int distance = 1; distance <= windows.right[at]; ++distance) input[inputs++] = word[distance];
    output[0] = *word;
    outputs = 1;
    if (inputs == 0) return;
    const int64_t place = windows.begin + windows.places[at];
    Philox::Block drawn{};
    for (int k = 0; k < draws.negatives; ++k) {
      if (k == 0 || (k + 2) % 4 == 0) drawn = draws.draws(generator, place, (k + 2) / 4);
      const int32_t negative = draws.drawn_negative(drawn[(k + 2) % 4]);
      output[outputs] = negative;
      outputs += negative != *word;
    }
  }
};

}  // namespace matinee::skip_gram
