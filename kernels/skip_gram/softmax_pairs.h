#pragma once

#include <cstdint>

#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/training_operands.h"
#include "kernels/skip_gram/windows.h"

namespace matinee::skip_gram {

// A word of a window, and the target that it is to tell from all words.
struct SoftmaxPair {
  int32_t input, target;
  float rate;  // of learning
};

// Calls visit(pair) for all pairs of the windows, in the order in which they are trained.
template <typename Visit>
void for_each_pair(const TrainingOperands& operands, int64_t epoch, const Windows& windows, const Visit& visit) {
  const int64_t size = operands.corpus().size();
  for (int64_t target = windows.first; target < windows.last; ++target) {
    const auto at = static_cast<std::size_t>(target);
    const float rate = learning_rate_at(operands.settings(), epoch, size, windows.begin + windows.places[at]);
    const int32_t* word = windows.words.data() + target;
    for (int distance = -windows.left[at]; distance <= windows.right[at]; ++distance) {
      if (distance != 0) visit(SoftmaxPair{word[distance], *word, rate});
    }
  }
}

}  // namespace matinee::skip_gram
