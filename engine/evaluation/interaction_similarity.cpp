#include "engine/evaluation/interaction_similarity.h"

#include <algorithm>
#include <cmath>

namespace matinee::engine {
namespace {

struct Common {
  int64_t users = 0;
  int64_t product = 0;  // Σ of level × level over them
};

Common common_of(std::span<const int32_t> first_users, std::span<const uint8_t> first_levels,
                 std::span<const int32_t> second_users, std::span<const uint8_t> second_levels) {
  Common common;
  std::size_t i = 0, j = 0;
  while (i < first_users.size() && j < second_users.size()) {
    const int32_t left = first_users[i], right = second_users[j];
    if (left == right) {
      ++common.users;
      common.product += int64_t{first_levels[i]} * second_levels[j];
    }
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
  return common;
}

}  // namespace

InteractionSimilarity::InteractionSimilarity(const SparseRatings& by_user, IlsSimilarity kind)
    : by_item_(transposed(by_user)), kind_(kind) {
  squares_.resize(static_cast<std::size_t>(by_item_.rows));
  for (int32_t item = 0; item < by_item_.rows; ++item) {
    for (const uint8_t level : by_item_.view().row_levels(item)) {
      squares_[static_cast<std::size_t>(item)] += int64_t{level} * level;
    }
  }
}

double InteractionSimilarity::value(int32_t first, int32_t second) const {
  const SparseView rows = by_item_.view();
  const auto first_users = rows.row_indices(first), second_users = rows.row_indices(second);
  if (first_users.empty() || second_users.empty()) return 0;
  const Common common = common_of(first_users, rows.row_levels(first), second_users, rows.row_levels(second));
  if (common.users == 0) return 0;
  const auto users = static_cast<double>(common.users);
  const auto first_count = static_cast<double>(first_users.size());
  const auto second_count = static_cast<double>(second_users.size());
  if (kind_ == IlsSimilarity::kBinaryCosine) return users / std::sqrt(first_count * second_count);
  if (kind_ == IlsSimilarity::kJaccard) return users / (first_count + second_count - users);
  const auto first_square = static_cast<double>(squares_[static_cast<std::size_t>(first)]);
  const auto second_square = static_cast<double>(squares_[static_cast<std::size_t>(second)]);
  const double norms = std::sqrt(first_square) * std::sqrt(second_square);
  return norms == 0 ? 0 : static_cast<double>(common.product) / norms;
}

InteractionSimilarity::Cache::Cache(const InteractionSimilarity& similarity)
    : similarity_(&similarity), entries_(static_cast<std::size_t>(kCacheEntries)) {}

double InteractionSimilarity::Cache::value(int32_t first, int32_t second) {
  const auto [smaller, larger] = std::minmax(first, second);
  const uint64_t pair = (static_cast<uint64_t>(smaller) + 1) << 32 | static_cast<uint32_t>(larger);
  Entry& entry = entries_[pair * 0x9E3779B97F4A7C15 >> 46];  // the 18 upper bits of a multiplicative hash
  if (entry.pair != pair) entry = {pair, similarity_->value(smaller, larger)};
  return entry.value;
}

}  // namespace matinee::engine
