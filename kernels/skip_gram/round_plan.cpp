#include "kernels/skip_gram/round_plan.h"

namespace matinee::skip_gram {

void RoundPlan::make(const TrainingOperands& operands, int64_t epoch, const Windows& of, int64_t first, int64_t last) {
  const DrawsView draws = operands.draws().view();
  const Philox generator = draws.generator(epoch);
  const int64_t size = operands.corpus().size(), vocabulary = operands.corpus().vocabulary;
  rows.clear();
  windows.clear();
  slots.clear();
  for (int64_t target = first; target < last; ++target) {
    words_.choose(of, target, draws, generator);
    if (words_.inputs == 0) continue;
    const int64_t place = of.begin + of.places[static_cast<std::size_t>(target)];
    windows.push_back({words_.inputs, words_.outputs, static_cast<int64_t>(slots.size()), rows.size(),
                       learning_rate_at(operands.settings(), epoch, size, place)});
    for (int i = 0; i < words_.inputs; ++i) slots.push_back(rows.add(words_.input[i]));
    for (int j = 0; j < words_.outputs; ++j) slots.push_back(rows.add(vocabulary + words_.output[j]));
  }
}

}  // namespace matinee::skip_gram
