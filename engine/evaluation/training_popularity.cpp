#include "engine/evaluation/training_popularity.h"

#include <algorithm>
#include <cmath>

namespace matinee::engine {

TrainingPopularity::TrainingPopularity(const SparseView& by_user)
    : counts(static_cast<std::size_t>(by_user.columns)), ratings(by_user.size()) {
  for (int64_t entry = 0; entry < ratings; ++entry) ++counts[static_cast<std::size_t>(by_user.indices[entry])];
  items_rated = std::count_if(counts.begin(), counts.end(), [](int64_t count) { return count > 0; });
  for (int32_t user = 0; user < by_user.rows; ++user) users_rating += by_user.row_size(user) > 0 ? 1 : 0;
}

std::vector<double> novelty_of_items(const TrainingPopularity& popularity, NoveltyKind kind) {
  const auto users = static_cast<double>(std::max<int64_t>(popularity.users_rating, 1));
  const auto ratings = static_cast<double>(std::max<int64_t>(popularity.ratings, 1));
  std::vector<double> novelty;
  novelty.reserve(popularity.counts.size());
  for (const int64_t count : popularity.counts) {
    const auto rated = static_cast<double>(std::max<int64_t>(count, 1));
    switch (kind) {
      case NoveltyKind::kSelfInformation:
        novelty.push_back(-std::log2(rated / users));
        break;
      case NoveltyKind::kChoice:
        novelty.push_back(-std::log2(rated / ratings));
        break;
      case NoveltyKind::kLogPopularity:
        novelty.push_back(std::log1p(static_cast<double>(count)));
        break;
    }
  }
  return novelty;
}

}  // namespace matinee::engine
