#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "engine/evaluation/options.h"
#include "kernels/ranking/top_n.h"

namespace matinee::engine {

// How well one user's list of the N best items finds the user's relevant held-out items.
struct UserRanking {
  int64_t hits = 0;      // relevant items in the list
  int64_t listed = 0;    // N, or less where fewer items are unseen
  int64_t relevant = 0;  // > 0
  double ndcg = 0;       // binary gain, 1/log2(rank + 1), ideal over min(N, relevant)
};

// Gain of rank 1, 2 …: 1/log2(rank + 1).
double discount(int64_t rank);

// `list` is best first, empty places last; `relevant` rises and is not empty.
UserRanking rank_list(std::span<const ranking::RankedItem> list, std::span<const int32_t> relevant);

// Sums over users, added in rising order of users; sums of folds can be added.
struct RankingTotals {
  int64_t users = 0, users_hit = 0, hits = 0, listed = 0, relevant = 0;
  double precision = 0, recall = 0, ndcg = 0;

  void add(const UserRanking& user);
  void add(const RankingTotals& fold);
  // precision@N and recall@N (micro: Σ hits / Σ listed, Σ hits / Σ relevant), precision_macro@N and recall_macro@N
  // (means over users), hit_rate@N, ndcg@N, as far as `options` want them.
  void report(int64_t length, const EvaluationOptions& options, std::map<std::string, double>& metrics) const;
};

}  // namespace matinee::engine
