#pragma once

#include <cstdint>
#include <vector>

#include "engine/evaluation/options.h"
#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// How often each item stands in the training ratings of one fold.
struct TrainingPopularity {
  std::vector<int64_t> counts;  // (items)
  int64_t items_rated = 0;      // with at least one training rating
  int64_t users_rating = 0;     // likewise
  int64_t ratings = 0;

  explicit TrainingPopularity(const SparseView& by_user);
};

// Novelty of each item. An item without training ratings counts as rated once: its information would be infinite.
std::vector<double> novelty_of_items(const TrainingPopularity& popularity, NoveltyKind kind);

}  // namespace matinee::engine
