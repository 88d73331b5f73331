#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/evaluation/options.h"
#include "kernels/support/philox.h"

namespace matinee::engine {

struct SampledRank {
  int64_t rank;  // 1 is best
  bool tied;
};

// Each held-out item is ranked on its own against the negatives; it loses ties.
struct SampledTotals {
  explicit SampledTotals(std::size_t lengths) : hits(lengths), ndcg(lengths) {}

  int64_t users = 0;
  int64_t held_out = 0;
  int64_t tied = 0;           // held-out items that have the score of a negative
  std::vector<int64_t> hits;  // per length N: held-out items among the N best
  std::vector<double> ndcg;   // per length N: Σ 1/log2(rank + 1) of those

  void add_user(std::span<const SampledRank> ranks, std::span<const int64_t> lengths);
  void add(const SampledTotals& fold);
  // hit_rate@N and ndcg@N as means over held-out items, tied_share.
  void report(std::span<const int64_t> lengths, const EvaluationOptions& options,
              std::map<std::string, double>& metrics) const;
};

// The rank of `item` among itself and `negatives` by scores[item] of one user. Error(kDiverged) naming user and item
// where a score is NaN.
SampledRank rank_against(const float* scores, int32_t item, std::span<const int32_t> negatives, int32_t user);

// `count` different items, or all that there are, uniform from 0 .. items-1 without those of two rising lists.
// Rising. Drawn from numbers 0 .. count-1 of `draws`.
std::vector<int32_t> draw_negatives(std::span<const int32_t> trained, std::span<const int32_t> tested, int64_t items,
                                    int64_t count, const Philox& draws);

}  // namespace matinee::engine
