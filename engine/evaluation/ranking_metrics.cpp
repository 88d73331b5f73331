#include "engine/evaluation/ranking_metrics.h"

#include <algorithm>
#include <cmath>

#include "engine/evaluation/metric_names.h"

namespace matinee::engine {

double discount(int64_t rank) {
  return 1.0 / std::log2(static_cast<double>(rank + 1));
}

UserRanking rank_list(std::span<const ranking::RankedItem> list, std::span<const int32_t> relevant) {
  UserRanking user;
  user.relevant = static_cast<int64_t>(relevant.size());
  double gain = 0, ideal = 0;
  for (const ranking::RankedItem& place : list) {
    if (place.item < 0) break;
    ++user.listed;
    if (!std::binary_search(relevant.begin(), relevant.end(), place.item)) continue;
    ++user.hits;
    gain += discount(user.listed);
  }
  const int64_t best = std::min(user.relevant, static_cast<int64_t>(list.size()));
  for (int64_t rank = 1; rank <= best; ++rank) ideal += discount(rank);
  if (best > 0) user.ndcg = gain / ideal;
  return user;
}

void RankingTotals::add(const UserRanking& user) {
  ++users;
  if (user.hits > 0) ++users_hit;
  hits += user.hits;
  listed += user.listed;
  relevant += user.relevant;
  const auto user_hits = static_cast<double>(user.hits);
  if (user.listed > 0) precision += user_hits / static_cast<double>(user.listed);
  recall += user_hits / static_cast<double>(user.relevant);
  ndcg += user.ndcg;
}

void RankingTotals::add(const RankingTotals& fold) {
  users += fold.users;
  users_hit += fold.users_hit;
  hits += fold.hits;
  listed += fold.listed;
  relevant += fold.relevant;
  precision += fold.precision;
  recall += fold.recall;
  ndcg += fold.ndcg;
}

void RankingTotals::report(int64_t length, const EvaluationOptions& options,
                           std::map<std::string, double>& metrics) const {
  const auto share = [](auto part, int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  const auto put = [&](const char* name, double value) { metrics[at_length(name, length)] = value; };
  if (options.wants(Metric::kPrecision)) {
    put("precision", share(hits, listed));
    put("precision_macro", share(precision, users));
  }
  if (options.wants(Metric::kRecall)) {
    put("recall", share(hits, relevant));
    put("recall_macro", share(recall, users));
  }
  if (options.wants(Metric::kHitRate)) put("hit_rate", share(users_hit, users));
  if (options.wants(Metric::kNdcg)) put("ndcg", share(ndcg, users));
}

}  // namespace matinee::engine
