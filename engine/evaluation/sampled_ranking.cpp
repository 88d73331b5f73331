#include "engine/evaluation/sampled_ranking.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "engine/evaluation/metric_names.h"
#include "engine/evaluation/ranking_metrics.h"
#include "kernels/support/error.h"

namespace matinee::engine {

void SampledTotals::add_user(std::span<const SampledRank> ranks, std::span<const int64_t> lengths) {
  ++users;
  for (const SampledRank& found : ranks) {
    ++held_out;
    if (found.tied) ++tied;
    for (std::size_t length = 0; length < lengths.size(); ++length) {
      if (found.rank > lengths[length]) continue;
      ++hits[length];
      ndcg[length] += discount(found.rank);
    }
  }
}

void SampledTotals::add(const SampledTotals& fold) {
  users += fold.users;
  held_out += fold.held_out;
  tied += fold.tied;
  for (std::size_t length = 0; length < hits.size(); ++length) {
    hits[length] += fold.hits[length];
    ndcg[length] += fold.ndcg[length];
  }
}

void SampledTotals::report(std::span<const int64_t> lengths, const EvaluationOptions& options,
                           std::map<std::string, double>& metrics) const {
  const auto items = static_cast<double>(held_out);
  for (std::size_t length = 0; length < lengths.size(); ++length) {
    const auto put = [&](const char* name, double value) { metrics[at_length(name, lengths[length])] = value; };
    if (options.wants(Metric::kHitRate)) put("hit_rate", static_cast<double>(hits[length]) / items);
    if (options.wants(Metric::kNdcg)) put("ndcg", ndcg[length] / items);
  }
  metrics["tied_share"] = static_cast<double>(tied) / items;
}

SampledRank rank_against(const float* scores, int32_t item, std::span<const int32_t> negatives, int32_t user) {
  const auto checked = [&](int32_t candidate) {
    if (std::isnan(scores[candidate])) {
      fail(ErrorKind::kDiverged, "the score of user {} for item {} is not a number: the model diverged", user,
           candidate);
    }
    return scores[candidate];
  };
  const float score = checked(item);
  SampledRank found{1, false};
  for (const int32_t negative : negatives) {
    const float other = checked(negative);
    if (other >= score) ++found.rank;
    if (other == score) found.tied = true;
  }
  return found;
}

std::vector<int32_t> draw_negatives(std::span<const int32_t> trained, std::span<const int32_t> tested, int64_t items,
                                    int64_t count, const Philox& draws) {
  std::vector<int32_t> rated;
  std::set_union(trained.begin(), trained.end(), tested.begin(), tested.end(), std::back_inserter(rated));
  const int64_t unrated = items - static_cast<int64_t>(rated.size());
  count = std::min(count, unrated);
  // Floyd's sample of `count` different places among the unrated items (Bentley and Floyd, 1987).
  std::set<int64_t> places;
  for (int64_t last = unrated - count; last < unrated; ++last) {
    const auto index = static_cast<uint64_t>(last - (unrated - count));
    const auto place = static_cast<int64_t>(draws.below(index, static_cast<uint64_t>(last + 1)));
    if (!places.insert(place).second) places.insert(last);
  }
  // The unrated item at each place: rated items before it shift it up.
  std::vector<int32_t> drawn;
  auto before = rated.begin();
  for (const int64_t place : places) {
    while (before != rated.end() && *before - (before - rated.begin()) <= place) ++before;
    drawn.push_back(static_cast<int32_t>(place + (before - rated.begin())));
  }
  return drawn;
}

}  // namespace matinee::engine
